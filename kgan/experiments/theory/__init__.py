"""The theorems about GANs: a real game for each, compared with its closed form."""

from kgan.experiments.theory import (
    divergences,
    minimax_training,
    mode_collapse,
    nash,
    optimal_discriminator,
    vanishing_gradient,
)
from kgan.experiments.theory.experiment import Experiment, Number, perform

EXPERIMENTS = {
    module.EXPERIMENT.name: module.EXPERIMENT
    for module in (
        optimal_discriminator,
        divergences,
        nash,
        vanishing_gradient,
        mode_collapse,
        minimax_training,
    )
}

__all__ = ["EXPERIMENTS", "Experiment", "Number", "perform"]
