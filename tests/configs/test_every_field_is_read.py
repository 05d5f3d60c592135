"""A field that nobody reads would be ignored: each is read by `build`, or by the run."""

import pytest

from kgan.cli import variants
from kgan.config import Translation
from kgan.data.sources import oracle
from kgan.data.sources.messages import messages
from kgan.fields import options
from tests import specs

# What the run reads: how much of which data, and how long.
OF_THE_RUN = {
    "image_size",
    "fit",
    "channels",
    "range",
    "flip",
    "jitter",
    "batch_size",
    "epochs",
    "steps_per_epoch",
}
OF_THE_RUN |= {"updates", "grids", "source_channels", "condition", "attributes"}
OF_THE_RUN |= {"frames"}
OF_THE_RUN |= {"steps", "voices", "transpose", "units"}
WITHOUT_WIDTH = ("crypto",)
AT_ONCE = ("text", "music")  # those that have a convolutional network
SPECS = {
    "images": specs.images(
        (16, 16, 1), ("a", "b"), (16, 16, 1), ["a red two"], {"hair": ("no", "red")}
    ),
    "clips": specs.clips((14, 16, 16, 1)),
    "rolls": specs.rolls(32),
    "poses": specs.poses(20),
    "lines": oracle.dataset(40).spec,
    "messages": messages(4).spec,
}
# Fields that are read only with other ones.
SETTINGS = {
    False: [
        {"penalty": "r1", "discriminator_norm": "none"},
        {"objective": "nonsaturating", "label_smoothing": 0.1},
        {"instance_noise": 0.1},
        {"penalty": "lecam", "augmentations": "transforms", "objective": "hinge"},
        {"augmentations": "diffaugment+adaptive"},
        {"temperature_steps": 9, "temperature_end": 0.5},
        {"estimator": "score"},
        {"network": "convolutional"},
    ],
    True: [
        {"network": "unet", "discriminator": "patch", "feature_weight": 0.0}
        | {"instance_noise": 0.1},
        {"penalty": "r1", "norm": "instance", "clip_weights": 0.1},
        {"penalty": "lecam"},
    ],
}


def recording(config, seen):
    """The same configuration, which notes the names of what is read of it."""

    class Recording(type(config)):
        def __getattribute__(self, name):
            seen.add(name)
            return super().__getattribute__(name)

    made = object.__new__(Recording)
    for name, value in vars(config).items():
        object.__setattr__(made, name, value)
    return made


# They build the largest networks.
LONG = ("attgan", "cyclegan", "dfgan", "photo", "r3gan", "stackgan")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(one, marks=pytest.mark.slow if one in LONG else ())
        for one in variants.names()
    ],
)
def test_every_field_is_read(name):
    module, seen = variants.find(name), set()
    small = {} if name in WITHOUT_WIDTH else {"width": 2}
    spec = SPECS[module.Config.learns_from]
    fields = options(module.Config).keys()
    own = OF_THE_RUN & fields
    module.build(recording(module.Config(**small), seen), spec)
    for given in SETTINGS[issubclass(module.Config, Translation)]:
        given = {key: value for key, value in given.items() if key in fields}
        if given.get("network") == "convolutional" and name not in AT_ONCE:
            continue
        if given and fields - seen - own:  # there are some left to find
            module.build(recording(module.Config(**(small | given)), seen), spec)
    assert fields - seen == own - seen
    assert fields > own
