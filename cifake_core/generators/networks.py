"""The networks of each generator: in training, and as they are shipped."""

from collections.abc import Mapping

import keras

from cifake_core.generators import autoencoder, diffusion, flow, gan, masked
from cifake_core.generators.catalogue import Settings
from cifake_core.generators.system import System

#: Parts of a generator by name, as its weights file has them.
Networks = Mapping[str, keras.Model]


def networks(name: str, settings: Settings) -> dict[str, keras.Model]:
    """The networks that draw pictures, untrained."""
    widths = settings.widths
    match name:
        case "gan_transposed":
            return {"generator": gan.transposed_generator(widths[::-1])}
        case "gan_resize":
            return {"generator": gan.resizing_generator(widths[0])}
        case "diffusion":
            return {"network": diffusion.unet(widths)}
        case "vqgan":
            width, depth, heads = widths
            return {"network": masked.transformer(width, depth, heads)}
        case "flow":
            return {"network": flow.built(hidden=widths[0], depth=widths[1])}
        case _:
            *sizes, channels = widths
            wide = channels if name == "vq_autoencoder" else 2 * channels
            return {
                "encoder": autoencoder.encoder(sizes, wide),
                "decoder": autoencoder.decoder(sizes, channels),
            }


def system(name: str, settings: Settings, needed: Networks | None = None) -> System:
    """The training of a generator, at its beginning.

    Args:
        name: a generator with weights of its own.
        settings: its recipe.
        needed: the trained networks of the generator that it needs.
    """
    keras.utils.set_random_seed(settings.seed)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(settings.precision)
    try:
        own = networks(name, settings)
        match name:
            case "gan_transposed" | "gan_resize":
                return gan.AdversarialSystem(own, settings)
            case "diffusion":
                return diffusion.DiffusionSystem(own, settings)
            case "vqgan":
                if needed is None:
                    msg = "Expected the trained autoencoder. Received None."
                    raise TypeError(msg)
                return masked.MaskedSystem(own, settings, coder=needed["encoder"])
            case "flow":
                return flow.FlowSystem(own, settings)
            case _:
                return autoencoder.AutoencoderSystem(
                    own, settings, quantised=name == "vq_autoencoder"
                )
    finally:
        keras.config.set_dtype_policy(policy)
