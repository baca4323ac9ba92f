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
 * Finds the layers of a network that Deeplearning4j's {@code AutoEncoder} has pretrained in the wrong direction.
 *
 * <p>Its {@code pretrain} adds the gradient of the reconstruction error instead of subtracting it. Whether that has happened can be seen in a saved
 * model: nothing but pretraining changes the visible bias, so a layer whose visible bias is not what it began with was pretrained.
 *
 * <pre>{@code
 * StockAutoEncoderCheck.of(network).forEach(System.out::println);
 * }</pre>
 *
 * What to do: put a {@link TiedAutoencoderLayer} in its place (same options, same parameters W, b, vb), and pretrain again from fresh weights with a
 * {@link GreedyLayerwisePretrainer}. A network that was trained with labels after that may do well all the same: pretraining was merely a bad start.
 */
public final class StockAutoEncoderCheck {

    private StockAutoEncoderCheck() {}

    /**
     * A stock layer.
     *
     * @param layer its name
     * @param pretrained whether it was pretrained, and so in the wrong direction
     */
    public record Finding(String layer, boolean pretrained) {

        @Override
        public String toString() {
            return "Layer '" + layer + "' is a stock AutoEncoder"
                    + (pretrained
                            ? " that was pretrained, in the wrong direction: pretrain a TiedAutoencoderLayer from fresh weights"
                            : " that was not pretrained: put a TiedAutoencoderLayer in its place before you do");
        }
    }

    /**
     * Looks through a network.
     *
     * @param network initialized; not changed
     * @return its stock layers, none if there are none
     */
    public static List<Finding> of(MultiLayerNetwork network) {
        return of(network.getLayers());
    }

    /**
     * Looks through a graph.
     *
     * @param graph initialized; not changed
     * @return its stock layers, none if there are none
     */
    public static List<Finding> of(ComputationGraph graph) {
        return of(graph.getLayers());
    }

    private static List<Finding> of(Layer[] layers) {
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
