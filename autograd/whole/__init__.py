"""Programs of whole arrays: a computation on Tensors, recorded once and replayed as straight-line NumPy.

Read in this order:

    calls            the flat list of NumPy calls that everything else reads
    sketch           arrays that write down what NumPy does with them
    formulas         how an operation of the table becomes calls
    traced           what stands for a plain array meanwhile
    recording        how a function on Tensors becomes calls
    backward         the backward pass, by the rules of the table
    tidy             what is written down twice, or for nothing
    storage          which calls share a buffer
    writing          the calls as Python source: to read, and to run
    kernel, watch    running it, as long as it holds
    program, graphs  the public face: functions, and recorded graphs
    export           a file that runs without this library
    loss             a loss and the gradients of the parameters, for training
"""
