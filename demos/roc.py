"""The ROC curve: every threshold at once, and its area, the AUC, for the tumours of the logistic regression.

At each threshold the classifier finds some of the malignant tumours (the true positive rate) and raises some false
alarms (the false positive rate). The curve shows them all; its area is 0.5 for chance and 1 for perfection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demos import logistic
from demos.course import Narrator, Options, picture, step
from nn.randomness import generator

SHOWN = (0.9, 0.5, 0.1, 0.01)
GAMES = 1000  # random classifiers
ORANGE, BLUE = "#B54900", "#0072B2"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers; all on the test split."""

    rates: dict[float, tuple[float, float]]  # true and false positive rate by threshold
    auc: float  # our area
    scikit_learn: float  # scikit-learn's
    pairs: float  # share of pairs (malignant, benign) in which the malignant one has the higher score
    perfect: float
    constant: float  # everybody gets the same score
    random: tuple[float, float, float]  # mean, smallest and largest area of random scores


def rates_at(score: Any, y: Any, threshold: float) -> tuple[float, float]:
    """Give TPR = TP / (TP + FN) and FPR = FP / (FP + TN) at one threshold."""
    called = score > threshold
    tp, fn = np.sum(called & (y == 1)), np.sum(~called & (y == 1))
    fp, tn = np.sum(called & (y == 0)), np.sum(~called & (y == 0))
    return float(tp / (tp + fn)), float(fp / (fp + tn))


def curve(score: Any, y: Any) -> tuple[Any, Any]:
    """Give the false and the true positive rates at every threshold that makes a difference, from (0, 0) to (1, 1)."""
    thresholds = [np.inf, *np.unique(score)[::-1], -np.inf]
    tpr, fpr = np.array([rates_at(score, y, t) for t in thresholds]).T
    return fpr, tpr


def area(fpr: Any, tpr: Any) -> float:
    """Give the area under the curve: the sum of its trapezia."""
    return float(np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2))


def main(options: Options) -> Findings:
    """Run the lesson."""
    from sklearn.metrics import roc_auc_score, roc_curve

    tell = Narrator(options)
    seed = 0 if options.seed is None else options.seed
    split = logistic.load()
    w, b, _ = logistic.train(split, seed, logistic.UPDATES)  # the neuron of the lesson "logistic"
    score, y = logistic.probabilities(split.x_test, w, b), split.y_test

    tell.say(
        "The neuron of the lesson `logistic` gives each tumour a [probability]. Where should the [threshold] be? The [ROC "
        "curve] shows all of them."
    )
    rates = {t: rates_at(score, y, t) for t in SHOWN}
    tell.title("One threshold, two rates")
    tell.say(
        "[True positive rate], also called [sensitivity]: TPR = TP / (TP + FN), the malignant ones that were found."
    )
    tell.say("[False positive rate]: FPR = FP / (FP + TN), the benign ones that were called malignant.")
    tell.line()
    tell.line("  threshold       TPR       FPR")
    for t, (tpr, fpr) in rates.items():
        tell.line(f"  {t:9g}  {tpr:8.3f}  {fpr:8.3f}")
    tell.say("A lower threshold finds more and alarms more: the two rates rise together.")

    fpr, tpr = curve(score, y)
    auc, known = area(fpr, tpr), float(roc_auc_score(y, score))
    positive, negative = score[y == 1][:, None], score[y == 0][None, :]
    pairs = float(np.mean((positive > negative) + 0.5 * (positive == negative)))
    random = generator(seed + 1)
    areas = [float(roc_auc_score(y, random.random(len(y)))) for _ in range(100 if options.quick else GAMES)]
    perfect, constant = area(*curve(y, y)), area(*curve(np.zeros(len(y)), y))
    found = Findings(rates, auc, known, pairs, perfect, constant, (float(np.mean(areas)), min(areas), max(areas)))
    explain(tell, found, len(areas))
    tell.line()
    their_fpr, their_tpr, _ = roc_curve(y, score)
    draw(options, tell, found, (their_fpr, their_tpr), curve(random.random(len(y)), y))
    if options.step:  # a curve of steps has no slope, but the loss behind the scores has: the tumour nearest to 0.5
        nearest = np.argmin(abs(score - 0.5))
        loss = logistic.log_loss(logistic.neuron(split.x_test[[nearest]], w, b), y[[nearest]])
        loss.name = "loss"
        step(loss)
    same = "which is scikit-learn's to 1e-12" if abs(auc - known) <= 1e-12 else f"where scikit-learn gives {known:.6f}"
    tell.finding(
        f"on {len(y)} unseen tumours the area under the ROC curve is AUC = {auc:.4f}, {same}; a random classifier has "
        f"{constant:g}, a perfect one {perfect:g}."
    )
    return found


def explain(tell: Narrator, found: Findings, games: int) -> None:
    """Tell what the area means, and what chance and perfection have."""
    mean, low, high = found.random
    tell.title("The area under the curve, AUC")
    tell.line(f"  our sum of trapezia      {found.auc:.6f}")
    tell.line(f"  scikit-learn             {found.scikit_learn:.6f}")
    tell.line(f"  pairs in the right order {found.pairs:.6f}")
    tell.say(
        "The last line is what the area means: take one malignant and one benign tumour; how often has the malignant one the "
        "higher score?"
    )
    tell.line()
    tell.line(f"  perfect classifier       {found.perfect:.3f}")
    tell.line(f"  same score for all       {found.constant:.3f}")
    tell.line(f"  random scores, mean      {mean:.3f}")
    tell.say(
        f"A [perfect classifier] goes through the upper left corner and has 1. A [random classifier] has 0.5: over {games} sets "
        f"of random scores the mean is {mean:.2f}, single ones lie between {low:.2f} and {high:.2f}. Its curve runs along the "
        "diagonal; the lower right corner would be a classifier that is always wrong."
    )


def draw(options: Options, tell: Narrator, found: Findings, curve_: Any, chance: Any) -> None:
    """Draw the curve beside those of chance and of perfection."""
    with picture(options, tell, "roc_curve.png", columns=2) as both:
        if both is None:
            return
        for axes in both:
            axes.plot(
                [0, 0, 1], [0, 1, 1], ":", color="#222222", label=f"perfect: area {found.perfect:g}", linewidth=1.5
            )
            axes.step(*curve_, where="post", color=BLUE, label=f"logistic regression: {found.auc:.4f}", linewidth=2)
            for (t, (tpr, fpr)), sign in zip(found.rates.items(), "os^D", strict=True):
                axes.plot([fpr], [tpr], sign, color="#222222", markersize=6, label=f"threshold {t:g}")
            axes.step(
                *chance, where="post", color=ORANGE, linewidth=1, label=f"one set of random scores: {area(*chance):.2f}"
            )
            axes.plot([0, 1], [0, 1], "--", color="#8793a0", label="random classifier: 0.5")
            axes.set(xlabel="false positive rate", ylabel="true positive rate")
        both[0].set(title="ROC curve on the test split", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        both[1].set(title="its upper left corner", xlim=(-0.01, 0.25), ylim=(0.75, 1.01))
        both[0].legend(frameon=False, loc="lower right", fontsize=8)
