package io.github.dl4jae.sparse;

/** Configurations of Keras models, as {@code model.to_json()} writes them, shortened where nothing reads them. */
final class KerasModels {

    private static final String DENSE_2 = """
            {"class_name": "Dense", "config": {"name": "%s", "trainable": true, "dtype": "float32", "units": %d,
             "activation": "%s", "use_bias": true,
             "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}},
             "bias_initializer": {"class_name": "Zeros", "config": {}},
             "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": %s,
             "kernel_constraint": null, "bias_constraint": null}""";

    private static final String DENSE_3 = """
            {"module": "keras.layers", "class_name": "Dense", "config": {"name": "%s", "trainable": true,
             "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
              "registered_name": null},
             "units": %d, "activation": "%s", "use_bias": true,
             "kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform",
              "config": {"seed": null}, "registered_name": null},
             "bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {},
              "registered_name": null},
             "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": %s,
             "kernel_constraint": null, "bias_constraint": null},
             "registered_name": null, "build_config": {"input_shape": [null, %d]}""";

    private KerasModels() {}

    /** Returns a regularizer in the layout of Keras 2. */
    static String regularizer(String name, String weights) {
        return "{\"class_name\": \"" + name + "\", \"config\": {" + weights + "}}";
    }

    /** Returns a sequential autoencoder of 4, 3 and 4 units in the layout of Keras 2, with a regularizer on "code". */
    static String sequential2(String regularizer) {
        return """
                {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
                 {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 4], "dtype": "float32",
                  "sparse": false, "ragged": false, "name": "input_1"}},
                """
                + DENSE_2.formatted("code", 3, "relu", regularizer) + "},\n"
                + DENSE_2.formatted("output", 4, "sigmoid", "null")
                + "}]}, \"keras_version\": \"2.15.0\", \"backend\": \"tensorflow\"}";
    }

    /** Returns the same model as a functional one, with regularizers on code and output. */
    static String functional2(String regularizer, String outputRegularizer) {
        return """
                {"class_name": "Functional", "config": {"name": "model", "layers": [
                 {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 4], "dtype": "float32",
                  "sparse": false, "ragged": false, "name": "input_1"}, "name": "input_1", "inbound_nodes": []},
                """
                + DENSE_2.formatted("code", 3, "relu", regularizer)
                + ", \"name\": \"code\", \"inbound_nodes\": [[[\"input_1\", 0, 0, {}]]]},\n"
                + DENSE_2.formatted("output", 4, "sigmoid", outputRegularizer)
                + """
                , "name": "output", "inbound_nodes": [[["code", 0, 0, {}]]]}],
                "input_layers": [["input_1", 0, 0]], "output_layers": [["output", 0, 0]]},
                "keras_version": "2.15.0", "backend": "tensorflow"}""";
    }

    /** Returns the same model in the layout of Keras 3. */
    static String sequential3(String name, String weights) {
        String regularizer = "{\"module\": \"keras.regularizers\", \"class_name\": \"" + name + "\", \"config\": {"
                + weights + "}, \"registered_name\": null}";
        return """
                {"module": "keras", "class_name": "Sequential", "config": {"name": "sequential", "trainable": true,
                 "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
                  "registered_name": null},
                 "layers": [{"module": "keras.layers", "class_name": "InputLayer", "config":
                  {"batch_shape": [null, 4], "dtype": "float32", "sparse": false, "name": "input_layer"},
                  "registered_name": null},
                """
                + DENSE_3.formatted("code", 3, "relu", regularizer, 4) + "},\n"
                + DENSE_3.formatted("output", 4, "sigmoid", "null", 3)
                + "}], \"build_input_shape\": [null, 4]}, \"registered_name\": null,"
                + " \"build_config\": {\"input_shape\": [null, 4]}}";
    }

    /** Returns a recurrent model of 2 and 3 units in the layout of Keras 2, with regularizers on both layers. */
    static String recurrent2(String regularizer) {
        String lstm = """
                {"class_name": "LSTM", "config": {"name": "%s", "trainable": true, %s"dtype": "float32",
                 "return_sequences": %s, "return_state": false, "go_backwards": false, "stateful": false,
                 "unroll": false, "time_major": false, "units": %d, "activation": "tanh",
                 "recurrent_activation": "sigmoid", "use_bias": true,
                 "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}},
                 "recurrent_initializer": {"class_name": "Orthogonal", "config": {"gain": 1.0, "seed": null}},
                 "bias_initializer": {"class_name": "Zeros", "config": {}}, "unit_forget_bias": true,
                 "kernel_regularizer": null, "recurrent_regularizer": null, "bias_regularizer": null,
                 "activity_regularizer": %s, "kernel_constraint": null, "recurrent_constraint": null,
                 "bias_constraint": null, "dropout": 0.0, "recurrent_dropout": 0.0, "implementation": 2}}""";
        return "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"sequential\", \"layers\": [\n"
                + lstm.formatted("steps", "\"batch_input_shape\": [null, 5, 4], ", "true", 2, regularizer) + ",\n"
                + lstm.formatted("last", "", "false", 3, regularizer) + ",\n"
                + DENSE_2.formatted("output", 1, "linear", "null")
                + "}]}, \"keras_version\": \"2.15.0\", \"backend\": \"tensorflow\"}";
    }
}
