package io.github.dl4jae.training;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.testing.JavaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

@Timeout(120)
class ExitGuardTest {

    /** The patience of guards in these tests, which delays the exit of the tests' own JVM. */
    private static final Duration BRIEF = Duration.ofMillis(500);

    private static MultiLayerNetwork network() {
        return initialized(
                new NeuralNetConfiguration.Builder().list().layer(output(new LossMSE(), 3, 3, Activation.IDENTITY)));
    }

    /** Counts iterations as they begin. */
    private static final class Begun extends BaseTrainingListener {
        private final AtomicInteger count = new AtomicInteger();
        private final CountDownLatch enough = new CountDownLatch(20);

        @Override
        public void onForwardPass(org.deeplearning4j.nn.api.Model model, List<INDArray> activations) {
            count.incrementAndGet();
            enough.countDown();
        }
    }

    private static void trainForEver(ExitGuard guard, MultiLayerNetwork network) {
        INDArray x = Nd4j.rand(DataType.FLOAT, 5, 3);
        guard.run(() -> {
            while (true) {
                network.fit(new DataSet(x, x));
            }
        });
    }

    @Test
    void endOfTheJvm_waitsForTheIteration_andNoFurtherOneBegins() throws InterruptedException {
        ExitGuard guard = new ExitGuard(BRIEF);
        Begun begun = new Begun();
        MultiLayerNetwork network = network();
        network.setListeners(begun, guard);
        Thread training = new Thread(() -> trainForEver(guard, network), "training");
        training.setDaemon(true);
        training.start();
        assertThat(begun.enough.await(30, TimeUnit.SECONDS)).isTrue();

        guard.awaitEndOfIteration(); // as the hook does
        int then = begun.count.get();
        Thread.sleep(200);
        assertThat(begun.count.get()).isEqualTo(then);
        assertThat(training.isAlive()).isTrue();
    }

    @Test
    void iterationThatTakesTooLong_isNotWaitedForAnyLonger() {
        ExitGuard guard = new ExitGuard(Duration.ofMillis(50));
        guard.run(() -> {
            Thread hook = new Thread(guard::awaitEndOfIteration);
            hook.start();
            try {
                hook.join(30_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(hook.isAlive()).isFalse();
        });
    }

    @Test
    void trainingWithoutRun_goesOnAsEver() {
        MultiLayerNetwork network = network();
        network.setListeners(new ExitGuard());
        INDArray x = Nd4j.rand(DataType.FLOAT, 5, 3);
        network.fit(new DataSet(x, x));
        assertThat(network.getIterationCount()).isOne();
    }

    @Test
    void run_withinRun_andAfterAFailure_leavesNothingBehind() throws InterruptedException {
        ExitGuard guard = new ExitGuard(BRIEF);
        guard.run(() -> guard.run(() -> {
            MultiLayerNetwork network = network();
            network.setListeners(guard);
            INDArray x = Nd4j.rand(DataType.FLOAT, 5, 3);
            network.fit(new DataSet(x, x));
        }));
        assertThatThrownBy(() -> guard.run(() -> {
                    throw new IllegalStateException("failed");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("failed");
        Thread hook = new Thread(guard::awaitEndOfIteration);
        hook.start();
        hook.join(2000);
        assertThat(hook.isAlive()).isFalse();
    }

    @Test
    void patience_ofZero_isRefused() {
        assertThatThrownBy(() -> new ExitGuard(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("patience must be above 0, got PT0S");
    }

    /** A process that trains a large network until it is terminated. */
    public static final class Endless {
        public static void main(String[] arguments) {
            int width = 512;
            MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                    .list()
                    .layer(output(new LossMSE(), width, width, Activation.IDENTITY)));
            ExitGuard guard = new ExitGuard();
            network.setListeners(guard);
            INDArray x = Nd4j.rand(DataType.FLOAT, 2000, width);
            guard.run(() -> {
                network.fit(new DataSet(x, x));
                System.out.println("training");
                while (true) {
                    network.fit(new DataSet(x, x));
                }
            });
        }
    }

    @Tag("slow")
    @Test
    void processThatTrains_endsWhenToldTo() throws IOException, InterruptedException {
        Process process = JavaProcess.of("512m", "1g", Endless.class)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            byte[] line = process.getInputStream().readNBytes("training".length());
            assertThat(new String(line, StandardCharsets.UTF_8)).isEqualTo("training");
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
