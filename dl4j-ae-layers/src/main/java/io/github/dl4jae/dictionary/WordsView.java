package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Examples as words. */
final class WordsView extends ExampleView {

    private final IntFunction<List<String>> source;

    WordsView(IntFunction<List<String>> source) {
        this.source = Require.given("ExampleView.words", "source", source, "");
    }

    @Override
    Map<String, Object> writeTo(int[] examples, boolean positions, PageData page) {
        List<List<String>> texts = new ArrayList<>(examples.length);
        for (int example : examples) {
            texts.add(Require.given(
                    "ExampleView.words",
                    "example " + example,
                    source.apply(example),
                    "return all examples from the source"));
        }
        page.json("texts", texts);
        return Map.of("kind", "text", "marked", positions);
    }
}
