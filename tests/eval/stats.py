"""Statistics of the evaluation, each with its source.  Pure."""
import math
import random

Z95 = 1.959964          # normal quantile of 0.975


def ratio(part, whole):
    """part / whole, or None where there is nothing to divide by."""
    return part / whole if whole else None


def mcc(tp, fn, fp, tn):
    """Matthews correlation of a 2 x 2 table; None when a margin is empty.

    Matthews (1975), Biochimica et Biophysica Acta 405(2), 442-451.
    """
    margins = (tp + fn) * (tp + fp) * (tn + fn) * (tn + fp)
    if margins == 0:
        return None
    return (tp * tn - fp * fn) / math.sqrt(margins)


def mcnemar(b, c):
    """(chi squared, p) of b against c discordant pairs, one degree of freedom.

    McNemar (1947), Psychometrika 12(2), 153-157, with the continuity
    correction of Edwards (1948), Psychometrika 13(3), 185-187.  The upper tail
    of chi squared with one degree of freedom is erfc(sqrt(x / 2)).
    """
    if b + c == 0:
        return None, None
    chi2 = max(0, abs(b - c) - 1) ** 2 / (b + c)
    return chi2, math.erfc(math.sqrt(chi2 / 2))


def wilson(right, n, z=Z95):
    """95 % interval of a proportion of independent trials; None without any.

    Wilson (1927), J. American Statistical Association 22, 209-212.
    """
    if n == 0:
        return None
    p = right / n
    middle = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return ((middle - half) / (1 + z * z / n),
            (middle + half) / (1 + z * z / n))


def draws(blocks, resamples, seed):
    """How often each of so many blocks stands in each bootstrap sample.

    Blocks are drawn whole, with replacement, as many as there are: Kuensch
    (1989), Annals of Statistics 17(3), 1217-1241, with blocks that do not
    overlap (Carlstein 1986, Annals of Statistics 14(3), 1171-1179).
    random() alone of the module is promised to give the same numbers in every
    version of Python.
    """
    source = random.Random(seed)
    out = []
    for _ in range(resamples):
        counts = [0] * blocks
        for _ in range(blocks):
            counts[int(source.random() * blocks)] += 1
        out.append(counts)
    return out


def interval(sums, metric, drawn):
    """95 % percentile interval of metric over bootstrap samples.

    sums: for each block a tuple of sums; metric: of such a tuple, a number or
    None.  With 999 samples the bounds are the 25th value from each end (Efron
    and Tibshirani 1993, An Introduction to the Bootstrap, 12.5 and 13.3).
    None when there are fewer than two blocks or a sample has no value.
    """
    if len(sums) < 2:
        return None
    columns = list(zip(*sums))
    values = []
    for counts in drawn:
        value = metric(tuple(sum(n * x for n, x in zip(counts, column) if n)
                             for column in columns))
        if value is None:
            return None
        values.append(value)
    values.sort()
    k = max(1, int((len(values) + 1) * 0.025))
    return values[k - 1], values[-k]
