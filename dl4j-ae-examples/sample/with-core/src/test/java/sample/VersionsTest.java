package sample;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.io.IOUtils;
import org.junit.jupiter.api.Test;

/** Without the imported pom, Deeplearning4j brings commons-compress 1.21 and commons-io 2.7. */
class VersionsTest {

    @Test
    void commonsCompress_besideDeeplearning4j_isTheRaisedOne() {
        assertJar(ArchiveEntry.class, "commons-compress-1.28.0.jar");
    }

    @Test
    void commonsIo_besideDeeplearning4j_isTheRaisedOne() {
        assertJar(IOUtils.class, "commons-io-2.20.0.jar");
    }

    private static void assertJar(Class<?> type, String jar) {
        String location = type.getProtectionDomain().getCodeSource().getLocation().toString();
        assertTrue(location.endsWith("/" + jar), location);
    }
}
