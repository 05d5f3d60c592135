"""Builders of the networks of G and D, one module for each architecture.

Example:
    from kgan.networks import dcgan

    generator = dcgan.generator(16, (8, 8, 1), width=4)
    discriminator = dcgan.discriminator((8, 8, 1), width=4)
    game = kgan.GAN(generator, discriminator)
"""
