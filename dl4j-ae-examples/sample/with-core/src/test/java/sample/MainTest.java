package sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class MainTest {

    @Test
    void autoencoder_trainedSavedAndLoaded_reconstructs() throws IOException {
        Main.Errors errors = Main.run();

        System.out.println(errors);
        assertTrue(errors.after() < errors.before() / 2, errors::toString);
        assertEquals(errors.after(), errors.reloaded(), 0, "the loaded model must give the same reconstructions");
    }
}
