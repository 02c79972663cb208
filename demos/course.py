"""What every lesson shares: the teaching order, the options, printing, pictures and data files. No training loop.

A new lesson is a file ``demos/NAME.py`` and its name in ``LESSONS``. The first line of its docstring is shown in the
list; its ``main(options)`` runs it and gives back what was found, as numbers that a test can check. ``command`` lists
and runs lessons; ``everything`` runs them all.

Types
    Options       what the command line asks for: folder, seed, quick, step.
    Narrator      prints at a pace that can be followed, with the Chinese term beside the English one at first use.
"""

from __future__ import annotations

import csv
import re
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.errors import InputValueError

if TYPE_CHECKING:
    from collections.abc import Iterator

LESSONS = (
    "slope",
    "tadpoles",
    "learning_rate",
    "views",
    "search",
    "pieces",
    "sigmoids",
    "two_relus",
    "theta",
    "batches",
    "layers",
    "collapse",
    "activations",
    "vanishing",
    "dead_relus",
    "logistic",
    "cross_entropy",
    "roc",
    "tensors",
    "digits",
    "wiring",
)
"""Every lesson, in teaching order."""

HERE = Path(__file__).parent
SECONDS_PER_LINE = 0.08
"""How long a line stays alone on a terminal: slow enough to read along, fast enough not to wait."""

TERMS = {
    "activation function": "激活函数", "backward pass": "反向传播", "batch": "批次", "bias": "偏置",
    "binary classification": "二分类", "binary cross-entropy": "二元交叉熵", "colour picture": "彩色照片", "concatenate": "合并",
    "confusion matrix": "混淆矩阵", "convergence": "收敛", "convolution": "卷积", "convolutional neural network": "卷积神经网络",
    "cross-entropy": "交叉熵", "data loader": "数据加载器", "data set": "数据集", "derivative": "导数", "dimension": "维度",
    "domain knowledge": "领域知识", "epoch": "轮", "exhaustive search": "穷举", "extremum": "极值",
    "false positive rate": "假正例率", "feature": "特征", "feedforward neural network": "前馈神经网络", "forward pass": "前向传播",
    "fully connected": "全连接", "global minimum": "最小值", "gradient": "梯度", "gradient descent": "梯度下降",
    "grey picture": "黑白照片", "hard sigmoid": "硬 Sigmoid", "hidden layer": "隐藏层", "hyperparameter": "超参数",
    "initialise": "初始化", "input": "输入", "input layer": "输入层", "label": "标签", "layer": "层", "learning rate": "学习率",
    "linear": "线性", "linear model": "线性模型", "linear part": "线性部分", "local maximum": "极大值", "local minimum": "极小值",
    "log loss": "对数损失", "logistic regression": "逻辑回归", "loss": "损失", "loss function": "损失函数", "matrix": "矩阵",
    "matrix operation": "矩阵运算", "mean squared error": "均方误差", "mini-batch": "小批次", "negative class": "负类",
    "neuron": "神经元", "non-linear": "非线性", "non-linear part": "非线性部分", "normalise": "归一化", "optimisation": "优化",
    "output": "输出", "output layer": "输出层", "parameter": "参数", "perfect classifier": "完美分类器",
    "piecewise linear curve": "分段线性曲线", "pointwise error": "单点误差", "positive class": "正类", "prediction": "预测",
    "probability": "概率", "random classifier": "随机分类器", "roc curve": "ROC曲线", "saturation": "饱和", "secant": "割线",
    "sensitivity": "灵敏度", "shape": "形状", "skip connection": "跳跃连接", "slope": "斜率", "sound clip": "声音信号",
    "sparsity": "稀疏性", "squeeze": "移除维度", "tangent": "切线", "tensor": "张量", "test set": "测试集", "threshold": "阈值",
    "training set": "训练集", "transpose": "转置", "true positive rate": "真正例率", "update": "参数更新",
    "vanishing gradient": "梯度消失", "vector": "向量", "weight": "权重", "weighted sum": "加权和",
}  # fmt: skip
"""The words of the field and the words of the Chinese notes."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of a lesson."""

    out: Path = Path("demo-output")
    seed: int | None = None
    quick: bool = False
    step: bool = False


class Narrator:
    """Prints a lesson: sentences wrapped to the terminal, tables line by line, terms explained once."""

    def __init__(self, options: Options) -> None:
        """Look at the terminal once."""
        from autograd.terminal import columns, unicode_wanted

        self.width = min(100, max(24, columns()))
        self.unicode = unicode_wanted()
        self.slow = sys.stdout.isatty() and not options.quick
        self._explained: set[str] = set()

    def say(self, sentence: str = "", indent: str = "") -> None:
        """Print a paragraph; ``[forward pass]`` gets its Chinese term the first time."""
        from autograd.terminal import wrapped

        told = self.explained(sentence)
        if in_notebook():
            show_prose(told)
            return
        for line in wrapped(told, self.width - len(indent)) or [""]:
            self.line(f"{indent}{line}" if line else "")

    def line(self, written: str = "") -> None:
        """Print one line as it is, at the pace of a reader."""
        from autograd.terminal import plain_ascii

        print(written if self.unicode else plain_ascii(written), flush=self.slow)
        if self.slow:
            time.sleep(SECONDS_PER_LINE)

    def finding(self, sentence: str) -> None:
        """End the lesson with what was found, in one sentence with its number."""
        if in_notebook():
            show_prose(self.explained(sentence), "**Finding:** ")
            return
        self.line()
        self.say(f"Finding: {sentence}")

    def picture(self, path: Path) -> None:
        """Say where a picture was saved; in a notebook, show it."""
        if not in_notebook():
            self.line(f"picture: {path}")
            return
        from IPython.display import SVG, Image, display

        shown = {".png": Image, ".svg": SVG}.get(path.suffix)
        display(shown(filename=str(path)) if shown else f"picture: {path.name}")

    def title(self, words: str) -> None:
        """Print a heading."""
        from autograd.terminal import display_width

        told = self.explained(words)
        if in_notebook():
            show_prose(told, "### ")
            return
        self.line()
        self.line(told)
        self.line(("─" if self.unicode else "-") * min(display_width(told), self.width))

    def explained(self, sentence: str) -> str:
        """Put the Chinese term behind ``[forward pass]`` at its first use, and take the brackets away."""
        parts = sentence.split("[")
        told = parts[0]
        for part in parts[1:]:
            word, closed, rest = part.partition("]")
            chinese = TERMS.get(word.lower())
            if not closed or chinese is None:
                told += f"[{part}"
                continue
            first = word.lower() not in self._explained and self.unicode
            self._explained.add(word.lower())
            plural = "s" if rest.startswith("s") and not rest[1:2].isalpha() else ""
            told += word + plural + (f" ({chinese})" if first else "") + rest[len(plural) :]
        return told


def in_notebook() -> bool:
    """Tell whether a notebook runs this."""
    kernel = sys.modules.get("ipykernel")
    return kernel is not None and sys.modules["IPython"].get_ipython() is not None


def show_prose(told: str, mark: str = "") -> None:
    """Show a paragraph in a notebook, its signs as they are."""
    from IPython.display import Markdown, display

    if told:
        display(Markdown(mark + re.sub(r"([\\`*_<>\[\]$|~#])", r"\\\1", told)))


# --- pictures and data --------------------------------------------------------------------------------------------


@contextmanager
def picture(options: Options, narrator: Narrator, name: str, *, columns: int = 1) -> Iterator[Any]:
    """Give the axes of one picture and save it as ``name`` in the output folder; None when matplotlib is missing.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     options = Options(out=Path(folder))
    ...     with picture(options, Narrator(options), "line.png") as axes:
    ...         _ = axes.plot([0, 1], [0, 1])
    ...     (Path(folder) / "line.png").exists()
    picture: ...line.png
    True
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        narrator.say(f"No picture {name}: matplotlib is missing. Install it: python -m pip install 'chainrule[demos]'")
        yield None
        return
    figure = Figure(figsize=(5.6 * columns, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    yield figure.subplots(1, columns)
    path = options.out / name
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=120)
    except OSError as error:
        raise InputValueError(f"cannot write {path}: {error.strerror or error}; choose a folder with --out") from None
    narrator.picture(path)


def graph_picture(options: Options, narrator: Narrator, name: str, root: Any, **drawn: Any) -> None:
    """Draw the graph below a value and save it as ``name`` in the output folder; ``drawn`` goes to ``autograd.draw``.

    Without Graphviz the lesson goes on, and says what to install.
    """
    from autograd import draw
    from autograd.drawing import NoEngineError, UnwritableError

    path = options.out / name
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        draw(root, **{"names": {}, **drawn}).save(path)
    except NoEngineError as error:
        narrator.say(f"No picture {name}: {error}")
        return
    except (UnwritableError, OSError) as error:
        raise InputValueError(f"cannot write {path}: {error}; choose a folder with --out") from None
    narrator.picture(path)


def step(root: Any) -> None:
    """Open the debugger's prompt on a recorded value, for ``--step``."""
    from autograd.command.tools import step_through

    step_through(root)


def data(name: str) -> dict[str, list[str]]:
    """Read one of the course's files; each column is a list of texts.

    >>> data("tadpoles.csv")["time"][:2]
    ['0.8', '1.7']
    """
    with (HERE / "data" / name).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {column: [row[column] for row in rows] for column in rows[0]}
