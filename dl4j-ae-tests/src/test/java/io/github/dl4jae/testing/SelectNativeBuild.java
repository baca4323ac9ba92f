package io.github.dl4jae.testing;

import io.github.dl4jae.examples.support.NativeBuild;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Selects ND4J's native build for this processor before any test uses ND4J. */
public final class SelectNativeBuild implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        NativeBuild.select();
    }
}
