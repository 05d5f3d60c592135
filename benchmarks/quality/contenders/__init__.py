"""The contenders: each module has `train(images, watch, task, **options)`.

`images` are uint8 (n, H, W, C), `watch` a `Watch` that the module starts once its packages
are imported, and `task` the `Task`. It returns a dict of facts.
"""
