package io.github.dl4jae.data;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The failure to find files of a data set, with the names that would be found and those that are there. */
final class MissingFiles {

    private MissingFiles() {}

    /** Returns the exception for missing files, with a reason that follows what was found. */
    static IllegalStateException exception(String dataset, List<IdxName> absent, Path folder, String reason) {
        String published = absent.stream().map(IdxName::gzipped).collect(Collectors.joining(" and "));
        String others = absent.stream()
                .map(name -> String.join(", ", name.otherNames()))
                .collect(Collectors.joining(", "));
        return new IllegalStateException(dataset + ": " + published + " must be in " + folder + ", got "
                + IdxName.contents(folder) + reason + "; put the files there (the names " + others
                + ", and folders of these names, are found too), or set -D" + DataDirectory.PROPERTY + "=… or "
                + DataDirectory.VARIABLE + " to a directory that has them in a subdirectory '" + folder.getFileName()
                + "'");
    }
}
