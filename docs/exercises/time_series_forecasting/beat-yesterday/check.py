import numpy as np

from tutorial_kernels.page.exercises import expect_that

DAYS = 28
ORIGINS = 28


def customers(rng):
    """Hourly load: a shape of the day, workdays, a drifting level, noise."""
    days = DAYS + ORIGINS
    hour = np.arange(24)
    shape = -np.cos(2 * np.pi * (hour - rng.integers(3)) / 24)
    shape += 0.5 * np.sin(4 * np.pi * hour / 24 + rng.uniform(0, 6))
    workday = np.where((np.arange(days) + rng.integers(7)) % 7 < 5, 1.0, 0.4)
    level = 10 + 0.05 * np.arange(days) + 0.05 * rng.normal(size=days).cumsum()
    noise = 0.4 * rng.normal(size=(days, 24))
    return (4 * workday[:, None] * shape + level[:, None] + noise).ravel()


def unseen(rng):
    load = customers(rng)
    for day in range(0, ORIGINS, 4):
        yield (load[24 * day : 24 * (day + DAYS)],)


def check(answer, solution, rng):
    load = customers(rng)
    errors, copying, likeness = [], [], []
    for day in range(ORIGINS):
        known = load[24 * day : 24 * (day + DAYS)]
        truth = load[24 * (day + DAYS) : 24 * (day + DAYS + 1)]
        got = np.asarray(answer.forecast(known.copy()), float)
        expect_that(
            got.shape == (24,),
            "forecast must give 24 numbers, one for each hour of the next day.",
            got=got.shape,
        )
        errors.append(np.abs(got - truth).mean())
        copying.append(np.abs(known[-24:] - truth).mean())
        likeness.append(np.abs(got - known[-24:]).mean())
    expect_that(
        np.mean(likeness) > 0.5 * np.mean(copying),
        "The forecast is nearly the day before: the lag trap.",
    )
    ratio = np.mean(errors) / np.mean(copying)
    expect_that(
        ratio < 0.55,
        "Over 28 days that nobody has seen, the error must be below 0.55 times "
        f"that of repeating the day before. Yours is {ratio:.3f} times that.",
    )
