package io.github.dl4jae.data;

import java.util.List;

/** A place where images are stored, which are read one after the other. */
interface ImageSource extends AutoCloseable {

    int count();

    PixelSize size();

    /** Reads an image, channel by channel. Images are read once each, in their order. */
    byte[] read(int image);

    boolean isNamed();

    /** Returns the name of the file of an image, if {@link #isNamed}. */
    String name(int image);

    List<String> leftOut();

    @Override
    void close();
}
