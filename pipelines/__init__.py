"""tieout's Python: moves bytes, drives runs, draws pages. It computes no revenue."""
