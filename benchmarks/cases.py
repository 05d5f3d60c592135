"""The cases that are measured, as plain sizes, which need no framework."""

from dataclasses import dataclass

GREY, COLOUR = (28, 28, 1), (64, 64, 3)


@dataclass(frozen=True)
class Case:
    """Work that every peer does.

    Attributes:
        name: on the command line.
        title: what it is.
        kind: "training": a descent of G with its ascents of D, the unit of work;
            "translation": the same between two domains of images; "sampling",
            "distance", "disk" or "cached": a pass over `count` images, or `epochs` of
            them.
        network: mlp, dcgan, infogan, resnet, unet (as `kgan.networks` builds them) or
            plane.
        shape: of an image, (H, W, C); (2,) for points.
        batch: images of one round, or of one pass through a network.
        count: images that are held in memory, or that one unit of work takes.
        epochs: passes over images on the disk that one unit of work takes.
        latent: numbers in z.
        width: of the networks' narrowest layer.
        critic: Wasserstein's objective with a gradient penalty, and no batch norm in D.
        penalty: lambda of that penalty.
        critic_steps: ascents for each descent.
        categories, continuous: InfoGAN's code.
        ways: of a translation: 1 is pix2pix, 2 is CycleGAN.
        pool: earlier fakes that D is reminded of.
        rate, betas: of Adam, for both players; epsilon is 1e-7.
    """

    name: str
    title: str
    kind: str = "training"
    network: str = "mlp"
    shape: tuple = GREY
    batch: int = 100
    count: int = 60_000
    epochs: int = 1
    latent: int = 100
    width: int = 256
    critic: bool = False
    penalty: float = 10.0
    critic_steps: int = 1
    categories: tuple = ()
    continuous: int = 0
    ways: int = 0
    pool: int = 0
    rate: float = 2e-4
    betas: tuple = (0.5, 0.999)

    @classmethod
    def of(cls, plain):
        """Returns the case of a dict from JSON, in which tuples have become lists."""
        tuples = {k: tuple(v) for k, v in plain.items() if isinstance(v, list)}
        return cls(**plain | tuples)

    @property
    def convolutional(self):
        networks = "dcgan", "infogan", "resnet", "unet"
        return self.kind == "distance" or self.network in networks

    @property
    def trains(self):
        return self.kind in ("training", "translation")

    @property
    def batch_norm(self):
        """Whether D has batch norm, so that real and generated images go through it apart."""
        return self.network in ("dcgan", "infogan") and not self.critic

    @property
    def images(self):
        """The real images that a unit of work takes, or the images that it makes."""
        if self.trains:
            return self.batch * self.critic_steps
        return self.count * self.epochs


# An epoch of the larger nets is short, and one call of kgan's graph: a run has whole
# calls only, of some seconds each, and epochs that end.
ALL = (
    Case("mlp-100", "dense GAN, 28x28x1, batch 100"),
    Case("mlp-1024", "dense GAN, 28x28x1, batch 1,024", batch=1024),
    Case(
        "dcgan",
        "DCGAN, 64x64x3, batch 64",
        network="dcgan",
        shape=COLOUR,
        batch=64,
        count=320,
        width=64,
    ),
    Case(
        "infogan",
        "InfoGAN, 28x28x1, batch 128",
        network="infogan",
        batch=128,
        count=1280,
        latent=74,
        width=64,
        categories=(10,),
        continuous=2,
    ),
    Case(
        "wgan-gp",
        "WGAN-GP, 28x28x1, batch 64, 5 critic steps",
        network="dcgan",
        batch=64,
        count=3200,
        width=64,
        critic=True,
        critic_steps=5,
        rate=1e-4,
        betas=(0.0, 0.9),
    ),
    Case(
        "ring",
        "dense GAN, points in the plane, batch 100",
        network="plane",
        shape=(2,),
        latent=2,
        width=128,
        rate=1e-3,
        betas=(0.5, 0.99),
    ),
    Case(
        "cyclegan",
        "CycleGAN, 128x128x3, batch 1, 32 channels",
        kind="translation",
        network="resnet",
        shape=(128, 128, 3),
        batch=1,
        count=10,
        width=32,
        ways=2,
        pool=50,
    ),
    Case(
        "pix2pix",
        "pix2pix, 64x64x3, batch 1",
        kind="translation",
        network="unet",
        shape=COLOUR,
        batch=1,
        count=20,
        width=64,
        ways=1,
    ),
    Case(
        "sampling",
        "10,000 images of an exported DCGAN, 28x28x1",
        kind="sampling",
        network="dcgan",
        batch=500,
        count=10_000,
        width=64,
    ),
    Case(
        "fid",
        "Frechet distance of 50,000 images, 28x28x1",
        kind="distance",
        network="classifier",
        batch=500,
        count=50_000,
    ),
    Case(
        "input-disk",
        "2,048 JPEGs of 178x218 to batches of 64x64x3",
        kind="disk",
        network="none",
        shape=COLOUR,
        batch=64,
        count=2048,
    ),
    Case(
        "input-epochs",
        "10 epochs of 1,024 JPEGs of 178x218 to batches of 64x64x3",
        kind="disk",
        network="none",
        shape=COLOUR,
        batch=64,
        count=1024,
        epochs=10,
    ),
    Case(
        "input-cached",
        "16,384 decoded images to batches of 64x64x3",
        kind="cached",
        network="none",
        shape=COLOUR,
        batch=64,
        count=16_384,
    ),
)
CASES = {case.name: case for case in ALL}
