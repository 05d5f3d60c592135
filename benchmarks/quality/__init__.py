"""Time to quality: who makes the better pictures after the same minutes on the same cores.

`races` says who runs against whom on which images, `runner` starts a process for each
run, `scorer` scores the samples that it left, and `report` and `picture` show them.
"""
