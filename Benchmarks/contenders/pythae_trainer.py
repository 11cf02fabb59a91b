"""pythae's VAE with a custom encoder and decoder, trained by its BaseTrainer."""

from __future__ import annotations

import logging
import tempfile

import torch
from pythae.data.datasets import BaseDataset
from pythae.models import VAE, VAEConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.trainers import BaseTrainer, BaseTrainerConfig
from pythae.trainers.training_callbacks import TrainingCallback

from . import data
from .cases import LEARNING_RATE, Case
from .recorder import Finished, Recorder, arguments
from .torch_model import VAE as Networks


class Encoder(BaseEncoder):
    def __init__(self, networks: Networks) -> None:
        BaseEncoder.__init__(self)
        self.layers = networks.encoder

    def forward(self, x: torch.Tensor) -> ModelOutput:
        mean, log_variance = self.layers(x).chunk(2, dim=-1)
        return ModelOutput(embedding=mean, log_covariance=log_variance)


class Decoder(BaseDecoder):
    def __init__(self, networks: Networks) -> None:
        BaseDecoder.__init__(self)
        self.layers = networks.decoder

    def forward(self, z: torch.Tensor) -> ModelOutput:
        return ModelOutput(reconstruction=self.layers(z).sigmoid())


class Observed(VAE):
    """The model, which keeps the loss of each step."""

    losses: list[float]

    def forward(self, inputs, **keywords) -> ModelOutput:
        output = VAE.forward(self, inputs, **keywords)
        self.losses.append(output.loss.item())
        return output


class Ticking(TrainingCallback):
    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def on_train_step_end(self, training_config, **keywords) -> None:
        if not self.recorder.tick():
            raise Finished


def main() -> None:
    asked = arguments()
    case: Case = asked.case
    torch.set_num_threads(asked.threads)
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        configuration = BaseTrainerConfig(
            output_dir=folder,
            per_device_train_batch_size=case.batch,
            num_epochs=case.steps,
            optimizer_cls="Adam",
            learning_rate=LEARNING_RATE,
            seed=asked.seed,
            no_cuda=True,
        )
        torch.manual_seed(asked.seed)
        networks = Networks(case)
        model = Observed(
            VAEConfig(input_dim=(case.dimensions,), latent_dim=case.latents, reconstruction_loss="bce"),
            encoder=Encoder(networks),
            decoder=Decoder(networks),
        )
        model.losses = []
        rows = torch.from_numpy(data.rows(case)).float() / 255
        recorder = Recorder(case)
        trainer = BaseTrainer(
            model=model,
            train_dataset=BaseDataset(rows, torch.zeros(len(rows))),
            training_config=configuration,
            callbacks=[Ticking(recorder)],
        )
        # What the trainer's own check of the model has done is not a step.
        model.losses.clear()
        try:
            trainer.train()
        except Finished:
            pass
        recorder.report(model.losses)


if __name__ == "__main__":
    main()
