"""Benchmarks: `python -m tests.bench.speed` beside other engines, `python -m tests.bench.quality` on judged queries.

Both need real articles, which TELISIK_DATA names. pytest collects nothing here; `tests/test_bench.py` runs both on a few articles.
"""
