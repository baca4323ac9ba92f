package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.data.ImageSet;
import io.github.dl4jae.data.ImageStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The images of an IDX file or a folder. */
final class ImageExamples implements Examples {

    private final ImageStream images;
    private long read;

    private ImageExamples(ImageStream images) {
        this.images = images;
    }

    static ImageExamples open(Path source, int batch) {
        return new ImageExamples(ImageStream.of(source, batch));
    }

    ImageShape shape() {
        return new ImageShape(images.height(), images.width(), images.channels());
    }

    /** Returns a line about the files that are no images, if there are any. */
    static List<String> notes(ImageStream images) {
        List<String> names = images.leftOut();
        return names.isEmpty()
                ? List.of()
                : List.of("Left out " + names.size() + (names.size() == 1 ? " file" : " files")
                        + " whose name does not end in .png: " + Examples.listed(names));
    }

    @Override
    public List<String> keyNames() {
        return images.isNamed() ? List.of("row", "file") : List.of("row");
    }

    @Override
    public List<String> scoreNames() {
        return List.of("score");
    }

    @Override
    public List<String> notes() {
        return notes(images);
    }

    @Override
    public long count() {
        return images.count();
    }

    @Override
    public boolean hasNext() {
        return images.hasNext();
    }

    @Override
    public Batch next() {
        ImageSet some = images.next();
        long first = read + 1;
        read += some.size();
        return new ImageBatch(some, some.features(), first);
    }

    @Override
    public void close() {
        images.close();
    }

    /**
     * Some images.
     *
     * @param features their values
     * @param first the number of the first image, counted from 1
     */
    record ImageBatch(ImageSet images, INDArray features, long first) implements Batch {

        @Override
        public List<List<String>> keys() {
            List<List<String>> keys = new ArrayList<>();
            for (int i = 0; i < images.size(); i++) {
                String number = Long.toString(first + i);
                keys.add(files().isEmpty() ? List.of(number) : List.of(number, files().get(i)));
            }
            return keys;
        }

        @Override
        public List<String> files() {
            return images.names();
        }

        /** Returns 1/d Σ_j (x_j − x̂_j)² of each image. */
        @Override
        public List<Score> scores(TrainedModel model) {
            float[] expected = TrainedNetwork.values(model.reconstruct(features));
            float[] values = TrainedNetwork.values(features);
            int width = values.length / images.size();
            List<Score> scores = new ArrayList<>();
            for (int from = 0; from < values.length; from += width) {
                double sum = 0;
                for (int j = from; j < from + width; j++) {
                    sum += squared(values[j] - (double) expected[j]);
                }
                scores.add(new Score(sum / width, List.of(Float.toString((float) (sum / width)))));
            }
            return scores;
        }

        /** Returns a square; a network that overflows makes an infinite error. */
        private static double squared(double difference) {
            return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference * difference;
        }
    }
}
