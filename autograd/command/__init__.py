"""The command line, ``python -m autograd EXPRESSION NAME=VALUE …``: what it reads, computes, proves and shows.

Read in this order:

    main         the options and the exit codes, from the words of the shell to the last line printed
    values       a value for each name, from the words or from a file; the text itself is read by ``autograd.expressions``
    results      values, gradients and Hessians of what was read
    differences  the same by central finite differences, and how far these can be trusted
    report       all of it as text for a person, or as JSON for a program
    tools        --draw, --step (--forward, --predict) and --source: what other rooms do with the graph
"""
