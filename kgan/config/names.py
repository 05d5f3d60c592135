"""The names that a configuration may choose; `kgan.configs.choices` holds the objects."""

OBJECTIVES = ("minimax", "nonsaturating", "least_squares", "wasserstein")
OBJECTIVES += ("hinge", "relativistic")
PENALTIES = ("none", "wgan_gp", "dragan", "r1", "r2", "ma_gp")
PENALTIES += ("r1_approximate", "r2_approximate", "lecam")
DIFFAUGMENT = ("color", "translation", "cutout")  # its parts
AUGMENTATIONS = ("none", "diffaugment", *DIFFAUGMENT, "transforms", "adaptive")
SCHEDULES = ("alternating", "simultaneous")
OPTIMIZERS = ("adam", "sgd", "rmsprop")
NETWORKS = ("mlp", "dcgan", "infogan", "r3gan", "fastgan")
NORMS = ("own", "batch", "layer", "none")
PRIORS = ("normal", "uniform")
TRANSLATION_NETWORKS = ("unet", "resnet", "encoder")
TRANSLATION_NORMS = ("instance", "batch", "none")
DISCRIMINATORS = ("patch", "features")
