"""
Trains the model on, from weights.safetensors: one process, or many by torchrun. Every flag that is not given is as
recipe.json says. Progress goes to standard error, `metrics.jsonl` has a line for every step, and at the end
`model.zip` opens in Amalgam again.
"""

import argparse
import pathlib

from data import DataError
from parallel import WAYS
from trainer import Trainer


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    flag = parser.add_argument
    flag("--data", required=True, help="a folder that Amalgam wrote (Data screen, Export)")
    flag("--out", type=pathlib.Path, default=pathlib.Path("out"), help="for metrics, checkpoints and the model")
    flag("--steps", type=int, help="steps of the whole run")
    flag("--batch", type=int, help="pairs of a micro-batch, of all processes together")
    flag("--accumulate", type=int, help="micro-batches whose mean gradient makes a step")
    flag("--rate", type=float, help="peak learning rate")
    precisions = ["fp32", "bf16", "fp16"]
    flag("--precision", choices=precisions, default="fp32", help="of activations; weights stay float32")
    flag("--parallel", choices=WAYS, default="ddp", help="how several processes divide the work")
    flag("--hook", choices=["fp16", "powersgd"], help="compress gradients on their way, with ddp")
    flag("--compile", action="store_true", help="torch.compile")
    flag("--checkpointing", action="store_true", help="compute activations of blocks again instead of keeping them")
    flag("--resume", action="store_true", help="go on from the checkpoint in --out")
    flag("--stop", type=int, help="stop after this step, with a checkpoint")
    flag("--checkpoint-every", type=int, help="steps between checkpoints")
    flag("--validate-every", type=int, help="steps between validations; 0 for none")
    flag("--tensorboard", action="store_true", help="also write what TensorBoard shows")
    flag("--device", help="cpu or cuda; cuda where there is one")
    return parser.parse_args()


def trainer_for(given: argparse.Namespace) -> Trainer:
    if given.parallel != "pipeline":
        return Trainer(given)
    try:
        from pipeline import PipelineTrainer
    except ImportError:
        raise SystemExit(
            "This model has no depth to divide: --parallel pipeline needs Transformer encoders, and objectives that "
            "encode the data as it is. Use ddp, fsdp or tensor."
        ) from None
    return PipelineTrainer(given)


if __name__ == "__main__":
    try:
        trainer = trainer_for(arguments())
        trainer.run()
    except DataError as error:
        raise SystemExit(str(error)) from None
    trainer.processes.end()
