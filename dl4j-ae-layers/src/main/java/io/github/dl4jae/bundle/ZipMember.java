package io.github.dl4jae.bundle;

/**
 * An entry of a ZIP file.
 *
 * @param name checked: no path
 * @param offset where its data begin in the file
 * @param deflated whether the data are compressed
 * @param crc the CRC-32 of the uncompressed data
 * @param compressed the bytes in the file
 * @param size the uncompressed bytes
 */
record ZipMember(String name, long offset, boolean deflated, long crc, long compressed, long size) {}
