package io.github.dl4jae.pretraining;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.PretrainParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A check for layers that Deeplearning4j's {@code AutoEncoder} has pretrained in the wrong direction.
 *
 * <p>{@code AutoEncoder} adds the gradient of the reconstruction error in {@code pretrain} instead of subtracting it. A
 * saved model shows this: only pretraining changes the visible bias, so a layer was pretrained if its visible bias
 * differs from the initial value.
 *
 * <pre>{@code
 * StockAutoEncoderCheck.find(network).forEach(System.out::println);
 * }</pre>
 *
 * <p>Remedy: replace the layer by a {@link TiedAutoencoderLayer}, which has the same options and the same parameters W,
 * b and vb. Then pretrain again from new weights with a {@link GreedyLayerwisePretrainer}. A network that was
 * fine-tuned with labels afterward may still perform well, because pretraining only determined its initial weights.
 */
public final class StockAutoEncoderCheck {

    private StockAutoEncoderCheck() {}

    /**
     * A stock {@code AutoEncoder} layer of a network.
     *
     * @param layer the name of the layer
     * @param pretrained whether the layer was pretrained, in the wrong direction
     */
    public record Finding(String layer, boolean pretrained) {

        /** Returns the finding and its remedy as a sentence. */
        @Override
        public String toString() {
            return "Layer '" + layer + "' is a stock AutoEncoder"
                    + (pretrained
                            ? " that was pretrained in the wrong direction: pretrain a TiedAutoencoderLayer from new"
                                    + " weights"
                            : " that was not pretrained: replace it by a TiedAutoencoderLayer before pretraining");
        }
    }

    /**
     * Finds the stock layers of a network.
     *
     * @param network an initialized network; not changed
     * @return its stock layers in order, possibly none
     */
    public static List<Finding> find(MultiLayerNetwork network) {
        return find(network.getLayers());
    }

    /**
     * Finds the stock layers of a graph.
     *
     * @param graph an initialized graph; not changed
     * @return its stock layers in order, possibly none
     */
    public static List<Finding> find(ComputationGraph graph) {
        return find(graph.getLayers());
    }

    private static List<Finding> find(Layer[] layers) {
        List<Finding> findings = new ArrayList<>();
        for (Layer layer : layers) {
            if (layer.conf().getLayer() instanceof AutoEncoder configuration) {
                INDArray visibleBias = layer.getParam(PretrainParamInitializer.VISIBLE_BIAS_KEY);
                double change = visibleBias
                        .sub(configuration.getVisibleBiasInit())
                        .normmaxNumber()
                        .doubleValue();
                findings.add(new Finding(configuration.getLayerName(), !(change <= 1e-7)));
            }
        }
        return findings;
    }
}
