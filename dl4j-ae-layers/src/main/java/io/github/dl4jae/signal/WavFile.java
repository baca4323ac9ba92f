package io.github.dl4jae.signal;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.layer.Require;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * A sound from a WAV file: samples from −1 to 1, and how many there are in a second.
 *
 * <p>Files have PCM samples. 8, 16, 24 and 32 bits are read, several channels are averaged. Files are written with 16
 * bits and one channel, samples beyond ±1 are clipped.
 *
 * <pre>{@code
 * WavFile noisy = WavFile.read(Path.of("noisy.wav"));
 * new WavFile(filter.filter(noisy.samples()), noisy.rate()).write(Path.of("clean.wav"));
 * }</pre>
 *
 * @param samples from −1 to 1
 * @param rate samples per second
 */
@SuppressWarnings("ArrayRecordComponent") // documented: the record is a carrier of samples, without equality of arrays
public record WavFile(double[] samples, double rate) {

    private static final String SUBJECT = "WavFile";
    private static final int BITS = 16;
    private static final double LARGEST = 1 << (BITS - 1);
    private static final int MOST_SECONDS_OF_CD = 3600;
    private static final long MOST_BYTES = 4L * 44_100 * MOST_SECONDS_OF_CD;

    /**
     * Creates a sound.
     *
     * @param samples not copied
     * @param rate samples per second, above 0
     * @throws IllegalArgumentException if there are no samples, one is not finite, or the rate is not above 0
     */
    public WavFile {
        Signals.require(SUBJECT, "samples", samples);
        Require.positive(SUBJECT, "rate", rate, "16000 is usual for speech");
    }

    /**
     * Reads a file.
     *
     * @param file a WAV file with PCM samples, at most 635 MB
     * @return the sound, its channels averaged
     * @throws IllegalArgumentException if it is of another kind, too large, or empty
     * @throws UncheckedIOException if it cannot be read
     */
    public static WavFile read(Path file) {
        Require.given(SUBJECT, "file", file, "");
        String subject = SUBJECT + " " + file;
        try (AudioInputStream stream = AudioSystem.getAudioInputStream(file.toFile())) {
            AudioFormat format = stream.getFormat();
            int bytes = format.getSampleSizeInBits() / 8;
            boolean signed = format.getEncoding().equals(AudioFormat.Encoding.PCM_SIGNED);
            boolean unsigned = format.getEncoding().equals(AudioFormat.Encoding.PCM_UNSIGNED) && bytes == 1;
            Require.that(
                    (signed || unsigned) && bytes >= 1 && bytes <= 4 && format.getChannels() >= 1,
                    subject,
                    "samples must be PCM of 8 to 32 bits",
                    format,
                    "convert the file, such as with: ffmpeg -i in -acodec pcm_s16le out.wav");
            Require.that(
                    stream.getFrameLength() * format.getFrameSize() <= MOST_BYTES,
                    subject,
                    "the file must have at most " + MOST_BYTES + " bytes of samples",
                    stream.getFrameLength() * format.getFrameSize(),
                    "cut it into parts");
            return new WavFile(decode(stream.readAllBytes(), format, bytes, unsigned), format.getSampleRate());
        } catch (UnsupportedAudioFileException e) {
            throw new IllegalArgumentException(subject + ": must be a WAV file, got another", e);
        } catch (IOException e) {
            throw new UncheckedIOException(subject + " cannot be read", e);
        }
    }

    private static double[] decode(byte[] data, AudioFormat format, int bytes, boolean unsigned) {
        int channels = format.getChannels();
        double[] samples = new double[data.length / (bytes * channels)];
        double scale = Math.pow(2, 8.0 * bytes - 1) * channels;
        for (int at = 0; at < samples.length * channels; at++) {
            samples[at / channels] += integer(data, at * bytes, bytes, format.isBigEndian(), unsigned) / scale;
        }
        return samples;
    }

    private static double integer(byte[] data, int from, int bytes, boolean bigEndian, boolean unsigned) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            int next = data[bigEndian ? from + i : from + bytes - 1 - i];
            value = i == 0 ? next : value << 8 | (next & 0xff); // the first byte has the sign
        }
        return unsigned ? (value & 0xff) - 128 : value;
    }

    /**
     * Writes the sound with 16 bits and one channel.
     *
     * @param file replaced atomically; missing directories are created
     * @return the file
     * @throws UncheckedIOException if it cannot be written
     */
    public Path write(Path file) {
        Require.given(SUBJECT, "file", file, "");
        ByteBuffer data = ByteBuffer.allocate(samples.length * BITS / 8).order(ByteOrder.LITTLE_ENDIAN);
        for (double sample : samples) {
            data.putShort((short) Math.max(-LARGEST, Math.min(LARGEST - 1, Math.rint(sample * LARGEST))));
        }
        AudioFormat format = new AudioFormat((float) rate, BITS, 1, true, false);
        return AtomicFile.write(file, part -> {
            try (AudioInputStream stream =
                    new AudioInputStream(new ByteArrayInputStream(data.array()), format, samples.length)) {
                AudioSystem.write(stream, AudioFileFormat.Type.WAVE, part.toFile());
            }
        });
    }
}
