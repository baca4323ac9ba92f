package io.github.dl4jae.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalsTest {

    @TempDir
    private Path directory;

    @Test
    void writtenFile_isReadUpToRounding_andClipped() {
        double[] samples = {0, 0.5, -0.25, 1.5, -2, 0.123456};

        WavFile read = WavFile.read(
                new WavFile(samples, 16_000).write(directory.resolve("a").resolve("x.wav")));

        assertThat(read.rate()).isEqualTo(16_000);
        assertThat(read.samples())
                .containsExactly(new double[] {0, 0.5, -0.25, 32767.0 / 32768, -1, 0.123456}, within(1.0 / 65536));
        assertThat(directory.resolve("a")).isDirectoryNotContaining("glob:**.part");
    }

    private Path file(AudioFormat format, int frames, int... bytes) throws IOException {
        byte[] data = new byte[bytes.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) bytes[i];
        }
        Path file = directory.resolve("sound.wav");
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(data), format, frames),
                AudioFileFormat.Type.WAVE,
                file.toFile());
        return file;
    }

    /** Two frames of two channels: (0x4000, 0xC000) and (0x2000, 0x6000), little endian; means 0 and 0.5. */
    @Test
    void channels_areAveraged() throws IOException {
        Path stereo = file(new AudioFormat(8000, 16, 2, true, false), 2, 0, 0x40, 0, 0xc0, 0, 0x20, 0, 0x60);

        assertThat(WavFile.read(stereo).samples()).containsExactly(0, 0.5);
    }

    /** 8 bits are unsigned: 128 is 0. 24 bits: 0xC00000 is −0.5. */
    @Test
    void otherSizesOfSamples_areRead() throws IOException {
        assertThat(WavFile.read(file(new AudioFormat(8000, 8, 1, false, false), 3, 128, 0, 192))
                        .samples())
                .containsExactly(0, -1, 0.5);
        assertThat(WavFile.read(file(new AudioFormat(8000, 24, 1, true, false), 2, 0, 0, 0xc0, 0, 0, 0x20))
                        .samples())
                .containsExactly(-0.5, 0.25);
    }

    @Test
    void fileOfAnotherKind_isRefused() throws IOException {
        Path text = Files.writeString(directory.resolve("text.wav"), "no sound");

        assertThatThrownBy(() -> WavFile.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text.wav: must be a WAV file");
    }

    /** x = (3, 4), y − x = (0, 0.5): 10 lg(25/0.25) = 20. */
    @Test
    void decibels_areThoseComputedByHand() {
        assertThat(SignalToNoise.decibels(new double[] {3, 4}, new double[] {3, 4.5}))
                .isCloseTo(20, within(1e-12));
        assertThat(SignalToNoise.gain(new double[] {3, 4}, new double[] {3, 4.5}, new double[] {3, 4.05}))
                .isCloseTo(20, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"-5", "0", "12.5"})
    void mixture_hasTheRatioThatIsAskedFor(double decibels) {
        double[] clean = SyntheticSignals.chirps(4000, 8000, 1);
        double[] noise = NoiseSource.autoregressive(0.9).draw(4000, new Random(1));

        assertThat(SignalToNoise.decibels(clean, SignalToNoise.mix(clean, noise, decibels)))
                .isCloseTo(decibels, within(1e-9));
    }

    @Test
    void silenceAndOtherLengths_areRefused() {
        assertThatThrownBy(() -> SignalToNoise.decibels(new double[2], new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the clean signal must not be silence");
        assertThatThrownBy(() -> SignalToNoise.decibels(new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one length, got 2 and 3 samples");
        assertThatThrownBy(() -> SignalToNoise.mix(new double[] {1}, new double[1], 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not be silence");
    }

    @Test
    void syntheticSignals_dependOnTheSeedAlone_andAreNormalized() {
        double[] speech = SyntheticSignals.speechLike(8000, 8000, 4);

        assertThat(SyntheticSignals.speechLike(8000, 8000, 4)).isEqualTo(speech);
        assertThat(SyntheticSignals.speechLike(8000, 8000, 5)).isNotEqualTo(speech);
        assertThat(Arrays.stream(speech).map(Math::abs).max().orElseThrow()).isCloseTo(0.5, within(1e-12));
        assertThat(Arrays.stream(SyntheticSignals.chirps(8000, 8000, 4))
                        .map(Math::abs)
                        .max()
                        .orElseThrow())
                .isCloseTo(0.5, within(1e-12));
    }

    /** Neighboring samples have the correlation c. */
    @Test
    void autoregressiveNoise_hasItsCorrelation() {
        double[] noise = NoiseSource.autoregressive(0.7).draw(200_000, new Random(6));
        double products = 0;
        double squares = 0;
        for (int i = 1; i < noise.length; i++) {
            products += noise[i] * noise[i - 1];
            squares += noise[i] * noise[i];
        }
        assertThat(products / squares).isCloseTo(0.7, within(0.01));
    }

    @Test
    void recordedNoise_beginsAgainAtItsEnd() {
        double[] excerpt = NoiseSource.recorded(new double[] {1, 2, 3}).draw(7, new Random(1));

        assertThat(excerpt).hasSize(7).contains(1, 2, 3);
        assertThat(excerpt[3]).isEqualTo(excerpt[0]);
    }
}
