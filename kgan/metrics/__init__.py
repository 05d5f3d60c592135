"""Measures of samples, and the classifier and features that they need.

Example:
    real, fake = np.random.default_rng(0).normal(size=(2, 1000, 8))
    moments = [kgan.metrics.Moments().add(features) for features in (real, fake)]
    kgan.metrics.frechet_distance(*moments)  # near 0: both are of one distribution
"""

from kgan.metrics.attributes import AttributeClassifier, fit_attributes
from kgan.metrics.classifier import Classifier, fit_classifier
from kgan.metrics.coverage import class_shares, covered, label_accuracy, reverse_kl
from kgan.metrics.diversity import feature_variance, pair_similarity, variance_ratio
from kgan.metrics.edits import answer_report, edit_report
from kgan.metrics.features import ClassifierFeatures, Features, PixelFeatures
from kgan.metrics.frechet import Moments, frechet_distance
from kgan.metrics.inception import InceptionFeatures
from kgan.metrics.inception_score import InceptionScore
from kgan.metrics.information import code_information, unsupervised_error
from kgan.metrics.kernel import kernel_distance, squared_mmd
from kgan.metrics.manifold import precision_recall_density_coverage
from kgan.metrics.matching import Matcher, fit_matcher, recall
from kgan.metrics.memorisation import copy_distance, memorisation_report, nearest
from kgan.metrics.mixture import mode_report, stacked_modes
from kgan.metrics.neighbours import one_nearest_neighbour_error
from kgan.metrics.ngrams import NGrams, line_report
from kgan.metrics.paired import gradient_sharpness, paired_report, sharpness
from kgan.metrics.parzen import choose_bandwidth, log_likelihood, parzen
from kgan.metrics.places import centroid_errors
from kgan.metrics.score import Score, compare

__all__ = [
    "AttributeClassifier",
    "Classifier",
    "ClassifierFeatures",
    "Features",
    "InceptionFeatures",
    "InceptionScore",
    "Matcher",
    "Moments",
    "NGrams",
    "PixelFeatures",
    "Score",
    "answer_report",
    "centroid_errors",
    "choose_bandwidth",
    "class_shares",
    "code_information",
    "compare",
    "copy_distance",
    "covered",
    "edit_report",
    "feature_variance",
    "fit_attributes",
    "fit_classifier",
    "fit_matcher",
    "frechet_distance",
    "gradient_sharpness",
    "kernel_distance",
    "label_accuracy",
    "line_report",
    "log_likelihood",
    "memorisation_report",
    "mode_report",
    "nearest",
    "one_nearest_neighbour_error",
    "pair_similarity",
    "paired_report",
    "parzen",
    "precision_recall_density_coverage",
    "recall",
    "reverse_kl",
    "sharpness",
    "squared_mmd",
    "stacked_modes",
    "unsupervised_error",
    "variance_ratio",
]
