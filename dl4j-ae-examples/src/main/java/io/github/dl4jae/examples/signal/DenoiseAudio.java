package io.github.dl4jae.examples.signal;

import io.github.dl4jae.examples.support.CheckpointFile;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.OutputDirectory;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.signal.ConvolutionalDenoiser;
import io.github.dl4jae.signal.NoiseSource;
import io.github.dl4jae.signal.SignalFilter;
import io.github.dl4jae.signal.SignalToNoise;
import io.github.dl4jae.signal.SpectralSubtraction;
import io.github.dl4jae.signal.SyntheticSignals;
import io.github.dl4jae.signal.WavFile;
import io.github.dl4jae.signal.WienerFilter;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A denoising autoencoder of sound, beside spectral subtraction and the Wiener filter. */
@Command(
        name = "denoise-audio",
        description = "A denoising autoencoder of sound, compared with spectral subtraction and the Wiener filter.")
public final class DenoiseAudio implements Callable<Integer> {

    private static final int RATE = 8000;
    private static final int SECONDS = 5;
    private static final int TRAINING_SIGNALS = 20; // of each kind
    private static final int TEST_SIGNALS = 5;
    private static final double[] DECIBELS = {0, 5, 10};
    private static final int WINDOWS = 1600;
    private static final int BATCH = 16;
    private static final double SHOWN = 0.05; // seconds

    @Option(names = "--wav", paramLabel = "FILE", description = "Also denoise this WAV file. Default: none.")
    private @Nullable Path wav;

    @Option(
            names = "--correlation",
            paramLabel = "C",
            description = "Correlation of neighboring samples of the noise, in [0, 1). Default: ${DEFAULT-VALUE}.")
    private double correlation;

    @Option(names = "--epochs", paramLabel = "N", description = "Number of epochs. Default: ${DEFAULT-VALUE}.")
    private int epochs = 10;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--out", paramLabel = "DIR", description = "Output directory. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("out", "denoise-audio");

    @Option(names = "--resume", description = "Continue the run whose checkpoint is in the output directory.")
    private boolean resume;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() {
        OutputDirectory.require(out);

        // 1. Train on chirps and speech-like signals, to which the denoiser adds noise itself.
        ConvolutionalDenoiser denoiser = train();
        denoiser.save(out.resolve("denoiser.zip"));
        Map<String, SignalFilter> filters = new LinkedHashMap<>();
        filters.put("denoising autoencoder", denoiser);
        filters.put("Wiener filter", new WienerFilter.Builder().frames(256, 128).build());
        filters.put(
                "spectral subtraction",
                new SpectralSubtraction.Builder().frames(256, 128).build());

        // 2. Compare the gains on other signals.
        Report report = new Report(
                        "Denoising of sound",
                        "Mean gain of the signal-to-noise ratio in decibels, over " + TEST_SIGNALS + " signals of "
                                + SECONDS + " seconds that were not seen in training. The spectral methods estimate"
                                + " the noise from the noisy signal.",
                        out)
                .formula("denoising", "Minimized; x̃ is the noisy signal.")
                .table(headings());
        for (boolean speech : new boolean[] {false, true}) {
            String kind = speech ? "speech-like" : "chirps";
            filters.forEach((name, filter) -> report.row(kind + ", " + name, gains(speech, filter)));
        }

        // 3. Keep a signal to listen to and to look at.
        double[] clean = signal(true, TRAINING_SIGNALS);
        double[] noisy = noisy(clean, 5, 0);
        write("clean", clean);
        write("noisy", noisy);
        filters.forEach((name, filter) -> write(name.replace(' ', '-'), filter.filter(noisy)));
        report.picture(
                "signal",
                "A part of a speech-like signal at 5 dB, and what the methods make of it.",
                () -> picture(clean, noisy, filters));
        if (wav != null) {
            WavFile sound = WavFile.read(wav);
            filters.forEach((name, filter) -> new WavFile(filter.filter(sound.samples()), sound.rate())
                    .write(out.resolve("wav-" + name.replace(' ', '-') + ".wav")));
        }
        report.write();
        return 0;
    }

    private ConvolutionalDenoiser train() {
        double[][] signals = IntStream.range(0, 2 * TRAINING_SIGNALS)
                .mapToObj(i -> signal(i % 2 == 0, i / 2))
                .toArray(double[][]::new);
        try (MinibatchBar bar = new MinibatchBar("train", (long) epochs * WINDOWS / BATCH)) {
            return new ConvolutionalDenoiser.Builder()
                    .window(512)
                    .filters(16, 32, 64)
                    .noise(NoiseSource.autoregressive(correlation))
                    .batch(BATCH)
                    .windowsPerEpoch(WINDOWS)
                    .epochs(epochs)
                    .seed(seed)
                    .checkpoint(CheckpointFile.of(out, resume))
                    .listener(bar)
                    .fit(signals);
        }
    }

    /** Returns a signal; those after the training signals are for tests. */
    private double[] signal(boolean speech, int index) {
        return speech
                ? SyntheticSignals.speechLike(SECONDS * RATE, RATE, seed + index)
                : SyntheticSignals.chirps(SECONDS * RATE, RATE, seed + index);
    }

    private double[] noisy(double[] clean, double decibels, int index) {
        Random random = new Random(seed + index);
        return SignalToNoise.mix(clean, NoiseSource.autoregressive(correlation).draw(clean.length, random), decibels);
    }

    private static String[] headings() {
        return Stream.concat(
                        Stream.of("signals"),
                        Arrays.stream(DECIBELS).mapToObj(decibels -> "at " + Report.decimals(0, decibels) + " dB"))
                .toArray(String[]::new);
    }

    private String[] gains(boolean speech, SignalFilter filter) {
        return Arrays.stream(DECIBELS)
                .map(decibels -> IntStream.range(0, TEST_SIGNALS)
                        .mapToDouble(i -> {
                            double[] clean = signal(speech, TRAINING_SIGNALS + i);
                            double[] noisy = noisy(clean, decibels, i);
                            return SignalToNoise.gain(clean, noisy, filter.filter(noisy));
                        })
                        .average()
                        .orElseThrow())
                .mapToObj(gain -> Report.decimals(2, gain))
                .toArray(String[]::new);
    }

    private void write(String name, double[] signal) {
        new WavFile(signal, RATE).write(out.resolve(name + ".wav"));
    }

    /** Draws the loudest part. */
    private static BufferedImage picture(double[] clean, double[] noisy, Map<String, SignalFilter> filters) {
        int length = (int) (SHOWN * RATE);
        int loudest = IntStream.range(0, clean.length)
                .reduce((a, b) -> Math.abs(clean[a]) >= Math.abs(clean[b]) ? a : b)
                .orElseThrow();
        int from = Math.max(0, Math.min(clean.length - length, loudest - length / 2));
        double[] milliseconds =
                IntStream.range(0, length).mapToDouble(i -> 1000.0 * i / RATE).toArray();
        CurvePlot plot = new CurvePlot("Speech-like signal at 5 dB", "milliseconds", "sample")
                .curve("noisy", milliseconds, Arrays.copyOfRange(noisy, from, from + length))
                .curve("clean", milliseconds, Arrays.copyOfRange(clean, from, from + length));
        filters.forEach((name, filter) ->
                plot.curve(name, milliseconds, Arrays.copyOfRange(filter.filter(noisy), from, from + length)));
        return plot.draw();
    }
}
