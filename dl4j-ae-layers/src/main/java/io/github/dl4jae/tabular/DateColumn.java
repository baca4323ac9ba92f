package io.github.dl4jae.tabular;

import io.github.dl4jae.likelihood.LossMixed;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Dates, encoded as a standardized trend, and as sine and cosine of the place in the year and in the week, and with
 * times in the day.
 *
 * @param format a pattern of {@code DateTimeFormatter}
 * @param mean the mean of the days since 1970, which replaces missing dates
 * @param deviation their standard deviation
 * @param times whether times of day are encoded
 */
record DateColumn(String name, String format, double mean, double deviation, boolean times, boolean imputed)
        implements TableColumn {

    private static final double DAYS_PER_YEAR = 365.25;
    private static final double DAYS_PER_WEEK = 7;

    @Override
    public List<String> features() {
        List<String> names = new ArrayList<>(List.of(
                name + "[trend]", name + "[year sin]", name + "[year cos]", name + "[week sin]", name + "[week cos]"));
        if (times) {
            names.addAll(List.of(name + "[day sin]", name + "[day cos]"));
        }
        return names;
    }

    @Override
    public boolean isText() {
        return true;
    }

    @Override
    public boolean encode(Cell cell, float[] features, int offset) {
        String text = cell.text();
        if (text == null) {
            return false;
        }
        LocalDateTime date = DateText.parse(format, text);
        if (date == null) {
            throw new IllegalArgumentException("must have dates like " + print(mean) + " in column '" + name
                    + "', got '" + text + "'; correct the value, or ignore the column");
        }
        write(date, features, offset);
        return true;
    }

    private void write(LocalDateTime date, float[] features, int offset) {
        double days = DateText.days(date);
        features[offset] = (float) ((days - mean) / deviation);
        circle((date.getDayOfYear() - 1) / DAYS_PER_YEAR, features, offset + 1);
        circle((date.getDayOfWeek().getValue() - 1) / DAYS_PER_WEEK, features, offset + 3);
        if (times) {
            circle(days - Math.floor(days), features, offset + 5);
        }
    }

    private static void circle(double turns, float[] features, int offset) {
        features[offset] = (float) Math.sin(2 * Math.PI * turns);
        features[offset + 1] = (float) Math.cos(2 * Math.PI * turns);
    }

    @Override
    public void encodeTypical(float[] features, int offset) {
        write(DateText.date(mean), features, offset);
    }

    private String print(double days) {
        return DateText.print(format, DateText.date(days), times);
    }

    @Override
    public String decode(float[] features, int offset) {
        return print(mean + deviation * features[offset]);
    }

    /** Returns a number of days. */
    @Override
    public double distance(float[] features, float[] others, int offset) {
        return deviation * Math.abs(features[offset] - others[offset]);
    }

    @Override
    public boolean isQuantity() {
        return true;
    }

    @Override
    public void addTo(LossMixed.Builder loss) {
        loss.learnedVariance(features().size());
    }
}
