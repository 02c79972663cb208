"""Everything unknown is one vector θ with a loss L(θ), and training stops by a rule that is stated.

The lesson of the course "linear models", section 3.2 (and "three steps of machine learning"): write a function with
unknowns θ, define a loss L(θ), find the θ* that makes it least. In theory one stops where the gradient is 0; in
practice it never is, so a rule stops the run: a number of epochs, a small gradient, or patience.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import nn
from autograd import Tensor, Value
from demos.course import Narrator, Options, data, graph_picture, picture, step

SIGMOIDS = 3
WIDE = 6.0
LEARNING_RATE = 0.1
UPDATES = 1500
EPOCHS, SMALL, PATIENCE, BETTER = 500, 0.02, 10, 1e-3  # the three rules
MOST = 5000  # epochs at most, for the rules that do not count them

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    path: Array  # θ, update by update: (updates + 1, numbers)
    losses: list[float]  # L(θ) along it
    norms: list[float]  # length of its gradient along it
    standstill: tuple[int, float, float]  # tadpoles: updates, w, and the gradient where w no longer changes
    stops: dict[str, nn.History]  # by rule
    apart: float  # largest difference between θ of the plain loop and of nn.fit, after as many updates


def parts(theta: Any) -> tuple[Any, Any, Any, Any]:
    """Cut θ into what it is made of: w, b and c of the sigmoids, and the constant b0."""
    n = SIGMOIDS
    return theta[:n], theta[n : 2 * n], theta[2 * n : 3 * n], theta[3 * n]


def loss_of(theta: Tensor, x: Array, y: Array) -> Tensor:
    """L(θ): the mean squared error of y = b0 + Σ c·σ(b + w·x), a single number for a whole vector."""
    w, b, c, b0 = parts(theta)
    prediction = (x[:, None] * w + b).sigmoid() @ c + b0
    return ((prediction - y) ** 2).mean()


def initial(seed: int, y: Array) -> Array:
    """Give a θ to start from: slopes spread over the interval, random heights."""
    rng = np.random.default_rng(seed)
    width = WIDE / SIGMOIDS
    w = 4 / width * rng.uniform(0.8, 1.2, SIGMOIDS)
    middles = (np.arange(SIGMOIDS) + 0.5) * width
    return np.concatenate([w, -w * middles, rng.uniform(-0.5, 0.5, SIGMOIDS), [np.mean(y)]])


def descend(start: Array, x: Array, y: Array) -> tuple[Array, list[float], list[float]]:
    """Gradient descent on the whole vector: one line updates everything."""
    theta = Tensor(start, name="theta")  # 1. initialise
    path, losses, norms = [start], [], []
    for _ in range(UPDATES + 1):
        loss = loss_of(theta, x, y)  # 2. forward pass   3. loss
        theta.zero_grad()
        loss.backward()  # 4. backward pass
        losses.append(loss.item())
        norms.append(float(np.linalg.norm(theta.grad)))
        theta.data = theta.data - LEARNING_RATE * theta.grad  # 5. update
        path.append(theta.data)
    return np.array(path[:-1]), losses, norms


def standstill() -> tuple[int, float, float]:
    """Descend on the parabola of the tadpoles until an update no longer changes w: updates, w, and the slope there."""
    table = data("tadpoles.csv")
    points = [(float(t), float(v)) for t, v in zip(table["time"], table["volume"], strict=True)]
    w, update, before = Value(2.0), 0, None
    while w.data != before and update < 1000:
        update += 1
        loss = sum((w * t - v) ** 2 for t, v in points) / len(points)
        w.zero_grad()
        loss.backward()
        before = w.data
        w.data -= 0.01 * w.grad
    return update, w.data, w.grad


def network(theta: Array) -> nn.Sequential:
    """Put θ into the same network made of modules."""
    w, b, c, b0 = parts(theta)
    model = nn.Sequential(nn.Linear(1, SIGMOIDS, seed=0), nn.Sigmoid(), nn.Linear(SIGMOIDS, 1, seed=0))
    model[0].weight.data, model[0].bias.data = w[:, None], b
    model[2].weight.data, model[2].bias.data = c[None, :], np.array([b0])
    return model


def theta_of(model: nn.Sequential) -> Array:
    """Read θ out of the network."""
    first, _, last = model
    return np.concatenate([p.data.ravel() for p in (first.weight, first.bias, last.weight, last.bias)])


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    x = np.linspace(0, WIDE, 61)
    y = np.sin(2 * x) + 0.3 * x
    start = initial(0 if options.seed is None else options.seed, y)

    tell.title("Everything unknown is θ")
    tell.say(
        f"The function y = b0 + Σ c·σ(b + w·x) with {SIGMOIDS} sigmoids has {len(start)} unknown [parameter]s. Instead of "
        "listing them again and again we put them into one [vector] θ:"
    )
    tell.line()
    for name, part in zip(("w", "b", "c", "b0"), parts(start), strict=True):
        tell.line(f"  {name:3}" + "".join(f"{v:9.4f}" for v in np.atleast_1d(part)))
    tell.line()
    tell.say(
        "The [loss] becomes L(θ): give it a θ, it gives one number, how bad this θ is. The best is called θ*. Then machine "
        "learning is three steps: a function with unknowns, a [loss function], and an [optimisation], here [gradient descent]: "
        "θ − [learning rate] × [gradient]."
    )
    sample = loss_of(Tensor(start, name="theta"), x, y)
    sample.name = "L"
    graph_picture(options, tell, "theta_graph.svg", sample)
    if options.step:
        step(sample)

    path, losses, norms = descend(start, x, y)
    still = standstill()
    never_zero(tell, losses, norms, still)

    stops, apart = rules(tell, start, path, x, y)
    found = Findings(path, losses, norms, still, stops, apart)
    draw(options, tell, found)
    tell.finding(
        f"after {UPDATES} updates of θ ({len(start)} numbers) the gradient has the length {norms[-1]:.4f}, not 0; by rule, "
        + ", ".join(f"{name} stopped after {len(h)} epochs at L = {h['loss'][-1]:.4f}" for name, h in stops.items())
        + "."
    )
    return found


def never_zero(tell: Narrator, losses: list[float], norms: list[float], still: tuple[int, float, float]) -> None:
    """Show that the gradient shrinks and does not become 0."""
    tell.title("When is it done?")
    tell.say("In theory when the gradient is the vector 0, for then nothing changes any more. In practice:")
    tell.line()
    tell.line("  update    L(θ)   length of the gradient")
    for k in (0, 1, 10, 100, 500, 1000, UPDATES):
        tell.line(f"  {k:6d}  {losses[k]:6.4f}  {norms[k]:23.6f}")
    tell.line()
    updates, w, slope = still
    tell.say(
        f"It gets small slowly. Even on the tadpoles' parabola, where w moves until an update is too small to change its "
        f"last digit ({updates} updates, w = {w:.15g}), the slope is "
        + (f"{slope:.1e} and not 0." if slope else "0 here, by luck of rounding.")
    )


def rules(tell: Narrator, start: Array, path: Array, x: Array, y: Array) -> tuple[dict[str, nn.History], float]:
    """Train the same network three times, each with another rule that stops."""
    tell.title("Rules that stop")
    tell.say(
        "nn.fit is this loop with such rules, and says which one stopped it. All samples are one [batch], so an [epoch] "
        "is one [update]. Three runs from the same θ:"
    )
    batches = nn.data.DataLoader(nn.data.TensorDataset(x[:, None], y[:, None]), batch_size=len(x))
    asked: dict[str, dict[str, Any]] = {
        "the number of epochs": {"epochs": EPOCHS},
        "a small gradient": {"epochs": MOST, "gradient_norm_below": SMALL},
        "patience": {"epochs": MOST, "patience": PATIENCE, "min_delta": BETTER},
    }
    stops, apart = {}, 0.0
    for name, rule in asked.items():
        model = network(start)
        sgd = nn.optim.SGD(model.parameters(), lr=LEARNING_RATE)
        stops[name] = nn.fit(model, nn.MSE(), sgd, batches, progress=False, **rule)
        if name == "the number of epochs":
            apart = float(np.max(np.abs(theta_of(model) - path[EPOCHS])))
        tell.line()
        tell.say(f"{name}: fit(…, {', '.join(f'{k}={v}' for k, v in rule.items())})", indent="  ")
        tell.say(f"stopped: {stops[name].stopped}.", indent="  ")
    tell.line()
    tell.say(
        f"No magic in it: after {EPOCHS} epochs θ differs from that of the plain loop above "
        f"{f'by {apart:.0e} at most' if apart else 'in no digit'}. Patience "
        f"asks for {BETTER:g} less within {PATIENCE} epochs, and goes back to the best θ seen."
    )
    return stops, apart


def draw(options: Options, tell: Narrator, found: Findings) -> None:
    """Draw loss and gradient with the places where the rules stopped, and the numbers in θ on their way."""
    with picture(options, tell, "theta_stops.png", columns=2) as both:
        if both is None:
            return
        falling, numbers = both
        falling.loglog(
            range(1, len(found.losses)), found.losses[1:], color="#0072B2", label="L(θ) (unit of y, squared)"
        )
        falling.loglog(
            range(1, len(found.norms)), found.norms[1:], "--", color="#B54900", label="length of the gradient"
        )
        for (name, history), style in zip(found.stops.items(), (":", "-.", (0, (6, 2))), strict=True):
            falling.axvline(
                len(history), linestyle=style, color="#222222", linewidth=1, label=f"{name}: {len(history)}"
            )
        falling.set(xlabel="update", ylabel="L(θ), and length of its gradient", title="three rules, three ends")
        falling.set_ylim(min(found.norms) / 2, 2 * max(*found.losses, *found.norms))
        falling.legend(frameon=False, fontsize=9, loc="lower left")
        groups = (("w", "#0072B2", "-"), ("b", "#B54900", "--"), ("c", "#009E73", "-."), ("b0", "#222222", ":"))
        for k in range(found.path.shape[1]):
            name, colour, style = groups[min(k // SIGMOIDS, 3)]
            label = name if k % SIGMOIDS == 0 else None
            numbers.plot(found.path[:, k], linestyle=style, color=colour, label=label)
        numbers.set(xlabel="update", ylabel="number in θ (no unit)", title="all of θ moves at once")
        numbers.margins(y=0.2)
        numbers.legend(frameon=False, ncols=4, loc="upper center")
