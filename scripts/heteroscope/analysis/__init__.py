"""Tables become answers: comparisons, drift, scaling, guards and claims."""
