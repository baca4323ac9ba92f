package io.github.dl4jae.examples.compression;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Measured points of a method, ordered by their PSNR. Between two points the rate is interpolated linearly. */
record Curve(String name, List<Distortion> points) {

    Curve {
        points = points.stream()
                .sorted(Comparator.comparingDouble(Distortion::psnr))
                .toList();
    }

    double[] values(ToDoubleFunction<Distortion> value) {
        return points.stream().mapToDouble(value).toArray();
    }

    /** Returns the rate at a PSNR, or nothing outside the measured points. */
    OptionalDouble at(double psnr, ToDoubleFunction<Distortion> rate) {
        for (int i = 1; i < points.size(); i++) {
            Distortion low = points.get(i - 1);
            Distortion high = points.get(i);
            if (low.psnr() <= psnr && psnr <= high.psnr()) {
                double share = (psnr - low.psnr()) / (high.psnr() - low.psnr());
                return OptionalDouble.of(rate.applyAsDouble(low) * (1 - share) + rate.applyAsDouble(high) * share);
            }
        }
        return OptionalDouble.empty();
    }
}
