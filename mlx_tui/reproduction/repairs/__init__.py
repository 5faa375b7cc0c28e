"""Repairs: named changes of a plan that failed, in a declared order, bounded, each recorded; never of data."""
