"""TensorFlow as a runtime: for networks without a converted file, and the oracle."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from tensorflow.python.framework import convert_to_constants

from cifake_core.basics.arrays import Floats
from cifake_core.networks.records import Answers


class TensorFlowRuntime:
    """TensorFlow, traced once with the weights as constants.

    With constants it is a tenth faster: TensorFlow then folds each batch
    normalisation into the convolution before it.

    Args:
        model: a trained network with layers "logit" and "features".
    """

    def __init__(self, model: keras.Model) -> None:
        answering = answering_model(model)
        spec = tf.TensorSpec((None, *model.input.shape[1:]), tf.float32)
        traced = tf.function(
            lambda inputs: answering(inputs, training=False),
            input_signature=[spec],
            autograph=False,
        )
        self._run = convert_to_constants.convert_variables_to_constants_v2(
            traced.get_concrete_function()
        )
        self._names = sorted(answering.output)  # the order in which TensorFlow answers

    def run(self, inputs: Floats) -> Answers:
        """The forward pass, in one batch."""
        num = len(inputs)
        if not num:  # on some processors TensorFlow refuses a batch of nothing
            inputs = np.zeros((1, *inputs.shape[1:]), np.float32)
        answers = [np.asarray(each)[:num] for each in self._run(tf.constant(inputs))]
        outputs = dict(zip(self._names, answers, strict=True))
        return Answers(
            logits=outputs["logits"][:, 0],
            features=outputs["features"],
            objects=outputs.get("objects"),
        )

    def describe(self) -> str:
        """The engine and its version."""
        return f"TensorFlow {tf.__version__}"


def answering_model(model: keras.Model) -> keras.Model:
    """The network from its input to all that a runtime answers, by name.

    "logits" (N, 1), "features" (N, K) and, for a network with a second output,
    "objects" (N, 10), its softmax.
    """
    outputs = {
        "logits": model.get_layer("logit").output,
        "features": model.get_layer("features").output,
    }
    for objects in model.outputs[1:]:
        outputs["objects"] = layers.Softmax()(objects)
    return keras.Model(model.input, outputs)
