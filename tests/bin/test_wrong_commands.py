"""Every wrong command ends in one clear line, and harms nothing."""

import pytest

from tests.bin.refusals import assert_one_line

# A command, and words of the line that it ends in: what was wrong, what to do.
WRONG = (
    # shards
    ("prepare_data --out=x", "--dataset: say what"),
    ("prepare_data --dataset=digits", "--out: say where"),
    ("prepare_data --dataset=digits --out=x", "--dataset=digits memory"),
    ("prepare_data --dataset=./none --out=x", "none: exist; give folder"),
    ("prepare_data --dataset=x --out=y --range=5,1", "--range=5,1: smaller"),
    ("prepare_data --dataset=x --out=y --image_size=huge", "--image_size=huge:"),
    ("prepare_data --dataset=x --out=y --encoding=jpeg", "encoding raw|png"),
    # names
    ("train_gan --variant=infogna", "--variant=infogna 'infogan'"),
    ("train_gan --varaint=gan", "varaint variant"),
    (
        "train_gan --config.batchsize=3",
        "--config.batchsize=3 infogan --config.batch_size?",
    ),
    (
        "train_gan --variant=gan --config.categories=(3,)",
        "--config.categories=(3,) infogan",
    ),
    ("train_gan --noconfig.flipp", "--noconfig.flipp --config.flip?"),
    ("train_gan --config=3", "--config=3 --config.FIELD=VALUE"),
    ("train_gan --config.objective=wassertein", "objective=wassertein 'wasserstein'"),
    ("train_gan --variant=gan --config.penalty=wgangp", "penalty=wgangp 'wgan_gp'"),
    ("train_gan --config.penalty=wgangp", "penalty=wgangp 'wgan_gp'"),
    ("train_gan --variant=gan --config.penalty=r1+r3", "penalty=r3 r1 r2"),
    ("train_gan --config.network=dcgna", "network=dcgna 'dcgan'"),
    ("prepare_data --dataset=mine --out=a --image_size=abc", "'abc' side in pixels"),
    ("train_gan --config.prior=normall", "prior=normall 'normal'"),
    ("train_gan --config.optimizer=adamw", "optimizer=adamw 'adam'"),
    ("train_gan --config.schedule=alternate", "schedule=alternate 'alternating'"),
    ("train_gan --config.discriminator_norm=group", "norm=group batch layer none"),
    ("train_gan --jit=maybe", "--jit=maybe auto on off"),
    ("train_gan --precision=int8", "--precision=int8 mixed_bfloat16"),
    ("train_gan gan", "'gan' --"),
    # data of another kind
    (
        "train_gan --variant=crypto --dataset=digits",
        "digits keys messages16",
    ),
    ("train_gan --variant=text --dataset=digits", "digits no text NAME.txt oracle"),
    ("train_gan --variant=text --dataset=there.csv", "there.csv no text NAME.txt"),
    ("train_gan --variant=music", "--dataset: say which music chorales MIDI"),
    ("train_gan --variant=next_pose", "--dataset: say which motions JSON"),
    ("check_data --variant=next_frame", "next_frame no pictures only checked"),
    ("sample_gan --label=3", "'label' --workdir decides"),
    (
        "train_gan --variant=gan --config.batch_size=400 --config.discriminator_steps=5",
        "batch_size=400 2000 examples, 5 batches at most 287",
    ),
    ("train_gan --variant=text --dataset=not_there.txt", "not_there.txt no file"),
    ("train_gan --variant=text --evaluate_every=1", "--evaluate_every images text"),
    (
        "train_gan --variant=gan --dataset=ring --config.network=mlp --evaluate_every=1",
        "--evaluate_every images gan",
    ),
    ("train_gan --variant=gan --dataset=oracle", "dataset lines pictures variant"),
    # types
    ("train_gan --config.batch_size=many", "--config.batch_size=many"),
    ("train_gan --config.ema=yes", "--config.ema=yes number"),
    (
        "train_gan --config.spectral_norm=perhaps",
        "--config.spectral_norm=perhaps true false",
    ),
    ("train_gan --config.categories=ten", "--config.categories ten"),
    ("train_gan --workdir", "Missing value workdir"),
    ("evaluate_gan --n=many", "--n=many"),
    # values
    ("train_gan --config.batch_size=-3", "--config.batch_size=-3 between 1"),
    ("train_gan --config.batch_size=0", "--config.batch_size=0 between 1"),
    ("train_gan --config.epochs=-1", "--config.epochs=-1 between 0"),
    ("train_gan --config.label_smoothing=0.5", "label_smoothing=0.5 0.499"),
    ("train_gan --config.generator_rate=nan", "generator_rate=nan between 0"),
    ("train_gan --config.image_size=30", "--config.image_size=30 28 32"),
    ("train_gan --config.channels=2", "2 channels 1 3 0"),
    ("train_gan --config.batch_size=5000", "5000 1437 digits"),
    ("train_gan --steps_per_execution=4", "--steps_per_execution=4 11"),
    ("train_gan --checkpoint_every=often", "--checkpoint_every=often 1min 500steps"),
    ("train_gan --keep_checkpoints=0", "--keep_checkpoints=0 positive"),
    ("train_gan --on_sick=panic", "--on_sick=panic warn stop rollback"),
    ("train_gan --health_every=0", "--health_every=0 positive"),
    ("train_gan --stop_at_equilibrium=perhaps", "stop_at_equilibrium=perhaps"),
    ("train_gan --deterministic --jit=on", "--jit=on --deterministic one"),
    ("train_gan --steps_per_execution=-1", "--steps_per_execution=-1 non-negative"),
    ("train_gan --config.latent=12", "--config.latent=12 12 more"),
    ("train_gan --config.categories=(1,)", "--config.categories=(1,) 2"),
    ("train_gan --config.categories=() --config.continuous=0", "categories code"),
    ("train_gan --config.categories=2.5", "--config.categories=2.5 10,10"),
    ("train_gan --config.latent=1e3", "--config.latent=1e3 whole"),
    ("train_gan --variant=cyclegan --config.network=mlp", "network=mlp unet resnet"),
    # fields that are not read
    (
        "train_gan --variant=discogan --config.cycle_weight=5",
        "--config.cycle_weight=5 discogan cyclegan dualgan",
    ),
    ("train_gan --variant=gan --config.l1_weight=5", "l1_weight=5 gan pix2pix"),
    (
        "train_gan --config.penalty_weight=5",
        "--config.penalty_weight=5 no effect --config.penalty=none",
    ),
    (
        "train_gan --variant=dcgan --config.instance_noise_steps=9",
        "--config.instance_noise=0",
    ),
    (
        "train_gan --config.optimizer=sgd --config.beta_2=0.9",
        "--config.beta_2=0.9 --config.optimizer=sgd",
    ),
    (
        "train_gan --variant=discogan --config.depth=2",
        "--config.depth=2 --config.discriminator=features",
    ),
    # choices that do not go together
    ("train_gan --config.objective=wasserstein", "Lipschitz --config.penalty=wgan_gp"),
    (
        "train_gan --variant=dcgan --config.penalty=r1",
        "penalty=r1 batch discriminator_norm=layer",
    ),
    (
        "train_gan --config.objective=hinge --config.label_smoothing=0.1",
        "label_smoothing=0.1 objective=hinge nonsaturating",
    ),
    ("train_gan --variant=gan --config.pack=3", "pack=3 batch_size=100"),
    ("train_gan --config.pack=2", "--config.pack=2 pack=1"),
    (
        "train_gan --config.schedule=simultaneous --config.discriminator_steps=3",
        "discriminator_steps=3 simultaneous --config.schedule=alternating",
    ),
    (
        "train_gan --variant=gan --config.penalty=r1 --precision=mixed_float16",
        "penalty=r1 float16 --precision=mixed_bfloat16",
    ),
    # data
    (
        "train_gan --variant=cgan --dataset=flat/ --config.batch_size=8",
        "cgan labels subfolder",
    ),
    ("train_gan --dataset=./nowhere", "nowhere exist"),
    ("train_gan --dataset=./empty", "empty image png"),
    ("train_gan --dataset=./text", "text a.png image"),
    ("train_gan --dataset=./file", "file folder"),
    ("train_gan --dataset=minst", "minst mnist"),
    ("train_gan --dataset=cifar10", "cifar10 prepared --download"),
    ("train_gan --dataset=mnist:9.9.9", "9.9.9 3.0.1"),
    # files and folders
    ("train_gan --workdir=file/x", "--workdir=file/x written"),
    ("train_gan --workdir=file", "--workdir=file written"),
    ("train_gan --workdir=foreign", "--workdir=foreign history.csv run.json"),
    ("train_gan --variant=missing.py", "--variant=missing.py file"),
    ("train_gan --variant=broken.py", "--variant=broken.py SyntaxError line"),
    ("train_gan --variant=no_module.py", "no_module.py nothing_of_this_name"),
    ("train_gan --variant=no_build.py", "--variant=no_build.py build"),
    ("train_gan --variant=no_config.py", "--variant=no_config.py Config"),
    ("sample_gan", "--workdir"),
    ("sample_gan --workdir=nowhere", "--workdir=nowhere run.json bin/train_gan"),
    ("sample_gan --workdir=empty", "--workdir=empty run.json bin/train_gan"),
    ("sample_gan --workdir=empty --n=0", "--n=0 1"),
    ("export_generator", "--workdir"),
    ("export_generator --workdir=empty", "--workdir=empty run.json"),
    ("check_health", "--workdir"),
    ("check_health --workdir=empty", "--workdir=empty run.json"),
    ("train_gan --init_from=nowhere", "--init_from= nowhere no run is kept there"),
    ("train_gan --init_from=flat", "--init_from= flat no run is kept there"),
    ("evaluate_gan", "--workdir --saved_model"),
    ("evaluate_gan --workdir=empty --saved_model=empty", "--saved_model one"),
    ("evaluate_gan --saved_model=empty", "--dataset"),
    (
        "evaluate_gan --saved_model=empty --dataset=digits",
        "--saved_model=empty no SavedModel",
    ),
    ("evaluate_gan --workdir=empty --n=19", "--n=19 20"),
    ("evaluate_gan --workdir=empty --extractor=vgg", "--extractor=vgg inception"),
    ("evaluate_gan --workdir=empty --compare=nowhere", "nowhere No such file"),
    ("evaluate_gan --workdir=empty --compare=file", "file: no scores"),
    ("reproduce_paper", "--table ring dirac all"),
    ("reproduce_paper --table=rings", "--table=rings 'ring'"),
    ("reproduce_paper --table=dirac --budget_minutes=-1", "budget_minutes=-1"),
    (
        "reproduce_paper --table=usps --images_dir=empty",
        "--table=usps 'usps' --images_dir empty https://",
    ),
    ("theory_lab", "--experiment nash mode_collapse all"),
    ("theory_lab --experiment=nsah", "--experiment=nsah 'nash'"),
    ("theory_lab --experiment=nash --out=file/x", "file/x written"),
    ("theory_lab --experiment=nash --seed=-1", "--seed=-1 [0, 2147483647]"),
    ("theory_lab --experiment=nash --seed=5000000000", "--seed=5000000000 2147483647"),
    ("theory_lab --list --experiment=nash", "--experiment=nash effect --list"),
    (
        "theory_lab --experiment=nash --data_dir=empty",
        "--data_dir=empty effect --experiment=mode_collapse",
    ),
    ("theory_lab --experiment=mode_collapse --data_dir=empty", "mnist"),
    ("evaluate_gan --workdir=empty", "--workdir=empty run.json"),
)


@pytest.mark.parametrize("line, words", WRONG)
def test_wrong_command(command, desk, contents, line, words):
    before = contents(desk)
    assert_one_line(command(*line.split(), cwd=desk), words)
    assert contents(desk) == before


def test_a_real_executable_says_the_same(command, real_command, desk):
    arguments = ("train_gan", "--dataset=./text")
    forked = command(*arguments, cwd=desk)
    assert real_command(*arguments, cwd=desk) == forked
    assert_one_line(forked, "text a.png image")


@pytest.mark.parametrize("variant", ["shifted.py", "rotated.py"])
def test_a_layer_that_xla_refuses(command, desk, tiny, tmp_path, variant):
    """Keras knows of its own layers that XLA refuses them; of others, XLA tells."""
    flags = tiny(variant, tmp_path / "run", epochs=1)
    assert_one_line(command("train_gan", "--jit=on", *flags, cwd=desk), "--jit=off")


def test_no_classifier_without_labels(command, desk, tiny, contents, tmp_path):
    flags = (*tiny("gan", tmp_path / "run", 1), "--dataset=./flat")
    assert command("train_gan", *flags, "--config.batch_size=8", cwd=desk).code == 0
    before = contents(tmp_path)
    measure = ("evaluate_gan", f"--workdir={tmp_path / 'run'}", "--n=20")
    result = command(*measure, "--extractor=classifier", cwd=desk)
    assert_one_line(result, "--extractor=classifier classes pixels")
    assert contents(tmp_path) == before
    pixels = command(*measure, cwd=tmp_path)
    assert pixels.code == 0 and "FID-pixels" in pixels.out, pixels.err
    assert "the data have changed" not in pixels.out


def test_all_tables_go_on_without_the_folders_of_some(command, tmp_path):
    """A line for each table that lacks its folder, and the others after it."""
    flags = ("--table=all", f"--images_dir={tmp_path}", "--budget_minutes=1e-9")
    result = command("reproduce_paper", *flags, cwd=tmp_path)
    assert result.code == 0, result.err
    lines = result.out.splitlines()
    for name in ("facades", "usps", "tasks"):
        assert sum(line.startswith(f"--table={name}: needs") for line in lines) == 1
    assert "disco_toy: 1e-09 minutes are over; the rest waits" in lines
