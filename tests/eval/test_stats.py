"""stats and layers against numbers from elsewhere; tests/eval.bats runs it."""
import importlib.machinery
import importlib.util
import os
import unittest

import stats


def load(name):
    """A program without .py as a module."""
    path = os.path.join(os.path.dirname(__file__), name)
    loader = importlib.machinery.SourceFileLoader(name, path)
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


layers = load("layers")


class Stats(unittest.TestCase):
    def test_mcnemar(self):
        # EX-9.3
        chi2, p = stats.mcnemar(180, 240)
        self.assertAlmostEqual(chi2, 8.288095, 6)
        self.assertAlmostEqual(p, 0.003991, 6)
        self.assertEqual(stats.mcnemar(240, 180), (chi2, p))
        # by hand: (|10 - 5| - 1)^2 / 15 = 16 / 15
        self.assertAlmostEqual(stats.mcnemar(10, 5)[0], 1.066667, 6)
        # (|17 - 8| - 1)^2 / 25 = 2.56 = 1.6^2, and a standard normal is
        # beyond 1.6 on either side with probability 0.109599 (any table)
        chi2, p = stats.mcnemar(17, 8)
        self.assertAlmostEqual(chi2, 2.56, 12)
        self.assertAlmostEqual(p, 0.109599, 6)
        # no correction below zero; nothing to compare
        self.assertEqual(stats.mcnemar(7, 7), (0, 1))
        self.assertEqual(stats.mcnemar(0, 0), (None, None))

    def test_wilson(self):
        # EX-9.4
        low, high = stats.wilson(7000, 10000)
        self.assertAlmostEqual(low, 0.690943, 6)
        self.assertAlmostEqual(high, 0.708903, 6)
        # none of ten: 0 to z^2 / (n + z^2) = 3.841459 / 13.841459
        low, high = stats.wilson(0, 10)
        self.assertAlmostEqual(low, 0, 12)
        self.assertAlmostEqual(high, 0.277533, 6)
        self.assertIsNone(stats.wilson(0, 0))

    def test_mcc(self):
        # by hand: (6*3 - 2*1) / sqrt(8 * 7 * 5 * 4) = 16 / sqrt(1120)
        self.assertAlmostEqual(stats.mcc(6, 2, 1, 3), 0.478091, 6)
        self.assertEqual(stats.mcc(5, 0, 0, 7), 1)
        self.assertEqual(stats.mcc(0, 5, 7, 0), -1)
        # half of each right is no better than a coin
        self.assertEqual(stats.mcc(4, 4, 6, 6), 0)
        self.assertIsNone(stats.mcc(3, 0, 2, 0))

    def test_bootstrap(self):
        def share(s):
            return stats.ratio(s[0], s[1])

        # One block all right, one all wrong: of four draws of two blocks one
        # is all right and one all wrong, so 95 % reach from 0 to 1; Wilson of
        # 10 of 20 says 0.299 to 0.701.
        drawn = stats.draws(2, 999, 1)
        self.assertEqual(stats.interval([(10, 10), (0, 10)], share, drawn),
                         (0, 1))
        # blocks all alike: no width
        self.assertEqual(stats.interval([(3, 4), (3, 4)], share, drawn),
                         (0.75, 0.75))
        # 400 blocks of one print are 400 independent prints: by the normal
        # approximation 0.7 -+ 1.96 sqrt(0.7 * 0.3 / 400) = 0.655 to 0.745.
        drawn = stats.draws(400, 999, 1)
        low, high = stats.interval([(i % 10 < 7, 1) for i in range(400)],
                                   share, drawn)
        self.assertAlmostEqual(low, 0.655, 2)
        self.assertAlmostEqual(high, 0.745, 2)
        # assertEqual would show the difference of lists so long for ever
        self.assertTrue(drawn == stats.draws(400, 999, 1))
        self.assertFalse(drawn == stats.draws(400, 999, 2))
        self.assertEqual({sum(counts) for counts in drawn}, {400})
        self.assertIsNone(stats.interval([(1, 2)], share, [[1]]))


class Layers(unittest.TestCase):
    """The rows of tclf's own tests (tests/test_classical_classifier.py in
    KarelZe/tclf) that its rules decide; it fills the others by chance."""

    def want(self, text, columns, rows):
        for subset in ("best", "ex"):
            names = [name.replace("*", subset) for name in columns.split()]
            parsed = layers.parse(text.replace("*", subset))
            for *values, sign in rows:
                row = {name: "" if value is None else str(value)
                       for name, value in zip(names, values)}
                self.assertEqual(
                    layers.predict(parsed, layers.Trade(row)), sign,
                    (text, row))

    def test_ticks(self):
        rows = [(1, 2, -1), (2, 1, 1), (1, 1, 0), (1, None, 0)]
        for subset in ("all", "ex"):
            self.want("tick:" + subset,
                      "trade_price price_%s_lag" % subset, rows)
            self.want("rev_tick:" + subset,
                      "trade_price price_%s_lead" % subset, rows)

    def test_override(self):
        self.want("tick:ex,rev_tick:all",
                  "trade_price price_ex_lag price_all_lead",
                  [(1, 2, 0, -1), (2, 1, 3, 1)])

    def test_quote(self):
        self.want("quote:*", "trade_price bid_* ask_*", [
            (1.5, 1, 3, -1), (2.5, 1, 3, 1), (1.5, 3, 1, 0),
            (2.5, 3, 1, 0), (1, None, 1, 0), (3, None, None, 0),
            (1, 1, 3, -1), (3, 1, 3, 1), (1, 1, 1, 0), (3, 2, 4, 0)])

    def test_lr_emo(self):
        for rule in ("lr", "emo"):
            self.want(rule + ":*", "trade_price bid_* ask_* price_*_lag", [
                (1, 1, 3, 0, -1), (3, 1, 3, 0, 1), (1, 1, 1, 0, 1),
                (3, 2, 4, 4, -1), (1, 1, None, None, 0)])

    def test_clnv(self):
        self.want("clnv:*", "trade_price ask_* bid_* price_*_lag", [
            (5, 3, 1, 0, 1), (0, 3, 1, 1, -1), (2.9, 3, 1, 1, 1),
            (2.3, 3, 1, 3, -1), (1.7, 3, 1, 0, 1), (1.3, 3, 1, 1, -1)])

    def test_trade_size(self):
        self.want("trade_size:ex", "trade_size ask_size_ex bid_size_ex", [
            (1, 1, 3, -1), (3, 1, 3, 1), (1, 1, 1, 0), (3, None, 3, 1)])

    def test_depth(self):
        # its rows have bid and ask the wrong way round; mended here
        self.want("depth:ex",
                  "ask_size_ex bid_size_ex ask_ex bid_ex trade_price", [
                      (2, 1, 4, 2, 3, 1), (1, 2, 4, 2, 3, -1),
                      (2, 1, 4, 4, 4, 1), (2, 1, 4, 2, 2, 0)])

    def test_tolerance(self):
        # numpy.isclose(3.00013, 3, atol=1e-4): 0.00013 <= 0.0001 + 0.00003
        self.want("emo:*", "trade_price bid_* ask_* price_*_lag", [
            (3.00012, 1, 3, 9, 1), (3.00014, 1, 3, 9, -1)])


if __name__ == "__main__":
    unittest.main()
