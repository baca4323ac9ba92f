package io.github.dl4jae.testing;

import io.github.dl4jae.examples.support.NativeBuild;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Before any test touches ND4J: the build that this processor can run. */
public final class SelectNativeBuild implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        NativeBuild.select();
    }
}
