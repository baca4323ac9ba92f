package io.github.dl4jae.dictionary;

/** A convolutional classifier as Keras 2 writes it, whose data format is channels last. */
final class KerasClassifier {

    /** Layers "conv" (3 channels, 4 × 3), "act", "out" (3 classes), for images 6 × 5 × 2. */
    static final String JSON = """
            {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
             {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 6, 5, 2], "dtype": "float32",
              "sparse": false, "ragged": false, "name": "input_1"}},
             {"class_name": "Conv2D", "config": {"name": "conv", "trainable": true, "dtype": "float32", "filters": 3,
              "kernel_size": [3, 3], "strides": [1, 1], "padding": "valid", "data_format": "channels_last",
              "dilation_rate": [1, 1], "groups": 1, "activation": "linear", "use_bias": true,
              "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}},
              "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": null,
              "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null,
              "bias_constraint": null}},
             {"class_name": "Activation", "config": {"name": "act", "trainable": true, "dtype": "float32",
              "activation": "relu"}},
             {"class_name": "Flatten", "config": {"name": "flat", "trainable": true, "dtype": "float32",
              "data_format": "channels_last"}},
             {"class_name": "Dense", "config": {"name": "out", "trainable": true, "dtype": "float32", "units": 3,
              "activation": "softmax", "use_bias": true,
              "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}},
              "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": null,
              "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null,
              "bias_constraint": null}}]}, "keras_version": "2.15.0", "backend": "tensorflow"}""";

    private KerasClassifier() {}
}
