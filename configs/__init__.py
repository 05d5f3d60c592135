"""The variants, one file each: a `Config`, and `build(config, spec)`.

Example:
    from kgan.configs import gan

    run = kgan.train(gan.Config(width=16, epochs=2), workdir="runs/narrow")
"""
