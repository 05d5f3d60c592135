"""Says of a trained workdir what bin/train_gan said of its health while it trained."""

from absl import flags

from kgan.cli import app
from kgan.cli.flags import define_path, marked

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    define_path("workdir", None, "Where bin/train_gan left its run.")


def report() -> None:
    """Prints the verdicts on a run."""
    from kgan import health
    from kgan.errors import UserError
    from kgan.training.record import Record

    if FLAGS.workdir is None:
        raise UserError("workdir", "say which run")
    config = Record.read(FLAGS.workdir).config
    checks = health.read(FLAGS.workdir)

    def flag(text):  # of bin/train_gan
        field = text.split("=")[0]
        return f"--config.{text}" if field in config else f"--{text}"

    for line in health.lines(checks, config):
        print(marked(line, flag))


def main() -> None:
    """Runs the command."""
    app.run(report, FLAGS, define_flags)
