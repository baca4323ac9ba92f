package io.github.dl4jae.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Every formula is MathML of the core, which browsers show without scripts and fonts of their own. */
class FormulaTest {

    private static final Set<String> CORE = Set.of(
            "math",
            "mrow",
            "mi",
            "mn",
            "mo",
            "mspace",
            "mfrac",
            "msub",
            "msup",
            "msubsup",
            "mover",
            "munder",
            "munderover");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "column-selection",
                "concrete",
                "conditional-elbo",
                "contractive",
                "contrastive-divergence",
                "cross-entropy",
                "denoising",
                "elbo",
                "importance-weighted",
                "k-sparse",
                "kl-sparse",
                "mixed-elbo",
                "score-matching",
                "squared-error",
                "total-correlation",
                "winner-take-all"
            })
    void formula_isMathMlOfTheCore(String name) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(Formula.named(name))));

        assertThat(document.getDocumentElement().getTagName()).isEqualTo("math");
        NodeList elements = document.getElementsByTagName("*");
        assertThat(IntStream.range(0, elements.getLength())
                        .mapToObj(i -> elements.item(i).getNodeName())
                        .distinct())
                .isSubsetOf(CORE);
        assertHasChildren(document, "mfrac", 2);
        assertHasChildren(document, "msub", 2);
        assertHasChildren(document, "msup", 2);
        assertHasChildren(document, "msubsup", 3);
        assertHasChildren(document, "munderover", 3);
    }

    private static void assertHasChildren(Document document, String element, int count) {
        NodeList elements = document.getElementsByTagName(element);
        for (int i = 0; i < elements.getLength(); i++) {
            assertThat(elements.item(i).getChildNodes().getLength()).as(element).isEqualTo(count);
        }
    }
}
