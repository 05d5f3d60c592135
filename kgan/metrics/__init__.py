"""Numbers that say how good the samples are: a judge and what is read off it."""

from kgan.metrics.classifier import Classifier, fit_classifier
from kgan.metrics.coverage import class_shares, covered, label_accuracy, reverse_kl
from kgan.metrics.information import code_information, unsupervised_error

__all__ = [
    "Classifier",
    "class_shares",
    "code_information",
    "covered",
    "fit_classifier",
    "label_accuracy",
    "reverse_kl",
    "unsupervised_error",
]
