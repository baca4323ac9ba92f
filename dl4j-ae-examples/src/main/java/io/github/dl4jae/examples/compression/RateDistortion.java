package io.github.dl4jae.examples.compression;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.compression.CompressiveNetwork;
import io.github.dl4jae.compression.ImageCompressor;
import io.github.dl4jae.data.ImageIterator;
import io.github.dl4jae.data.ImageSet;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.plot.CurvePlot;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Rate–distortion curves of compressive autoencoders and of JPEG. */
@Command(
        name = "rate-distortion",
        description = "Compresses images with autoencoders at several rates, and compares bits per pixel, PSNR and"
                + " MS-SSIM with JPEG.")
public final class RateDistortion extends ImageExample {

    private static final int SIDE = 28;
    private static final int BATCH = 100;
    /** Images in a row of a mosaic, and in a column. */
    private static final int CELLS = 10;

    private static final float[] QUALITIES = {0.02f, 0.05f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.85f, 0.9f
    };

    @Option(
            names = "--rate-weights",
            paramLabel = "W",
            split = ",",
            description = "Prices of a bit, one training each. Default: ${DEFAULT-VALUE}.")
    private List<Double> rateWeights = List.of(0.0006, 0.0015, 0.004, 0.01, 0.025, 0.06, 0.12);

    @Option(names = "--test-images", paramLabel = "N", description = "Images to compress. Default: ${DEFAULT-VALUE}.")
    private int testImages = 2000;

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Compress mosaics of 10×10 test images, where headers do not decide, and single images.
        LabeledImages test = data.test().first(Math.min(testImages, data.test().size()));
        ImageSet images = ImageSet.of(test.features(), SIDE, SIDE, 1);
        List<BufferedImage> singles = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            singles.add(images.picture(i));
        }
        List<BufferedImage> mosaics = mosaics(singles);

        // 2. Train an autoencoder for each price of a bit.
        TreeMap<Double, Codec> codecs = new TreeMap<>(Comparator.reverseOrder());
        int epochs = options.epochs(4, 1);
        int steps = epochs * ((data.train().size() + BATCH - 1) / BATCH);
        for (double w : rateWeights) {
            Training.Result<MultiLayerNetwork> result = new Training(
                            options, data, out.resolve("w-" + w), epochs, BATCH)
                    .minibatches(ImageIterator.Builder::asImages)
                    .oneOfSeveral()
                    .run(CompressiveNetwork.of(new ImageShape(SIDE, SIDE, 1), w, steps, options.seed()));
            ImageCompressor compressor = ImageCompressor.of(result.network());
            compressor.save(out.resolve("compressor-" + w + ".zip"));
            codecs.put(w, Codec.of(compressor));
        }

        // 3. Measure.
        List<Codec> ours = List.copyOf(codecs.values());
        List<Codec> jpegs = new ArrayList<>();
        for (float quality : QUALITIES) {
            jpegs.add(new JpegCodec(quality));
        }
        Curve autoencoder = curve("autoencoder", ours, mosaics);
        Curve jpeg = curve("JPEG", jpegs, mosaics);
        Report report = new Report(
                        "Lossy compression of " + options.source(),
                        "Bits per pixel at equal PSNR, interpolated linearly between measured points, on "
                                + images.size() + " test images. Files: mosaics of 10×10 images, whole files with"
                                + " headers. Single images: payload without headers, as in a collection with a shared"
                                + " header; that of the autoencoder includes the final 8 bytes of its coder.",
                        out)
                .formula("rate-distortion", "Minimized: the squared error plus w for each bit of the rounded code.");
        points(report, autoencoder, rateWeights);
        compare(report, autoencoder, jpeg, curve("autoencoder", ours, singles), curve("JPEG", jpegs, singles));
        plot(report, "psnr", "PSNR in dB", autoencoder, jpeg, Distortion::psnr);
        plot(report, "ms-ssim", "MS-SSIM", autoencoder, jpeg, Distortion::msSsim);
        if (!mosaics.isEmpty()) {
            pictures(report, mosaics.get(0), ours, jpegs);
        }
        report.count("seed", options.seed()).write();
    }

    private static List<BufferedImage> mosaics(List<BufferedImage> singles) {
        List<BufferedImage> mosaics = new ArrayList<>();
        int cells = CELLS * CELLS;
        for (int first = 0; first + cells <= singles.size(); first += cells) {
            BufferedImage mosaic = new BufferedImage(CELLS * SIDE, CELLS * SIDE, BufferedImage.TYPE_BYTE_GRAY);
            WritableRaster raster = mosaic.getRaster();
            for (int i = 0; i < cells; i++) {
                raster.setDataElements(
                        i % CELLS * SIDE,
                        i / CELLS * SIDE,
                        singles.get(first + i).getRaster());
            }
            mosaics.add(mosaic);
        }
        return mosaics;
    }

    private static Curve curve(String name, List<Codec> codecs, List<BufferedImage> pictures) {
        return new Curve(
                name,
                codecs.stream()
                        .map(codec -> Distortion.measure(codec, pictures))
                        .toList());
    }

    private static void points(Report report, Curve curve, List<Double> weights) {
        List<Double> falling =
                weights.stream().sorted(Comparator.reverseOrder()).toList();
        report.table("autoencoder, mosaics", "bits per pixel", "PSNR in dB", "MS-SSIM");
        for (int i = 0; i < falling.size(); i++) {
            Distortion point = curve.points().get(i);
            report.row(
                    "w = " + BigDecimal.valueOf(falling.get(i)).toPlainString(),
                    Report.decimals(3, point.fileBits()),
                    Report.decimals(2, point.psnr()),
                    Report.decimals(4, point.msSsim()));
        }
    }

    private static void compare(Report report, Curve ours, Curve jpeg, Curve oursSingle, Curve jpegSingle) {
        report.table(
                "bits per pixel at",
                "files: autoencoder",
                "files: JPEG",
                "ratio",
                "single images: autoencoder",
                "single images: JPEG",
                "ratio of single images");
        for (double psnr = 20; psnr <= 35; psnr += 2.5) {
            OptionalDouble a = ours.at(psnr, Distortion::fileBits);
            OptionalDouble b = jpeg.at(psnr, Distortion::fileBits);
            OptionalDouble c = oursSingle.at(psnr, Distortion::payloadBits);
            OptionalDouble d = jpegSingle.at(psnr, Distortion::payloadBits);
            report.row(
                    psnr + " dB",
                    Stream.of(a, b, ratio(a, b), c, d, ratio(c, d))
                            .map(value -> value.isPresent() ? Report.decimals(3, value.getAsDouble()) : "")
                            .toArray(String[]::new));
        }
    }

    private static OptionalDouble ratio(OptionalDouble x, OptionalDouble y) {
        return x.isPresent() && y.isPresent()
                ? OptionalDouble.of(x.getAsDouble() / y.getAsDouble())
                : OptionalDouble.empty();
    }

    private static void plot(
            Report report, String name, String axis, Curve ours, Curve jpeg, ToDoubleFunction<Distortion> quality) {
        report.picture(name, axis + " against the rate, mosaics of 10×10 images.", () -> {
            CurvePlot plot = new CurvePlot("Rate and distortion", "bits per pixel", axis);
            Stream.of(ours, jpeg)
                    .forEach(curve ->
                            plot.curve(curve.name(), curve.values(Distortion::fileBits), curve.values(quality)));
            return plot.draw();
        });
    }

    /** Adds rows of originals, of the autoencoder's at its middle weight, and of JPEG's of the next larger file. */
    private static void pictures(Report report, BufferedImage mosaic, List<Codec> ours, List<Codec> jpegs) {
        Codec codec = ours.get(ours.size() / 2);
        byte[] stream = codec.compress(mosaic);
        Codec larger = jpegs.stream()
                .filter(jpeg -> jpeg.compress(mosaic).length >= stream.length)
                .findFirst()
                .orElse(jpegs.get(jpegs.size() - 1));
        byte[] jpegStream = larger.compress(mosaic);
        report.picture(
                "pictures",
                "Two rows each of originals, of the autoencoder (" + stream.length + " bytes for 100 images), and of"
                        + " JPEG (" + jpegStream.length + " bytes).",
                () -> stacked(List.of(mosaic, codec.decompress(stream), larger.decompress(jpegStream))));
    }

    private static BufferedImage stacked(List<BufferedImage> mosaics) {
        int zoom = 3;
        int width = CELLS * SIDE * zoom;
        int height = 2 * SIDE * zoom;
        int gap = 6;
        BufferedImage picture =
                new BufferedImage(width, mosaics.size() * (height + gap) - gap, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        for (int i = 0; i < mosaics.size(); i++) {
            graphics.drawImage(
                    mosaics.get(i).getSubimage(0, 0, CELLS * SIDE, 2 * SIDE),
                    0,
                    i * (height + gap),
                    width,
                    height,
                    null);
        }
        graphics.dispose();
        return picture;
    }
}
