package io.github.dl4jae.contractive;

/** The opening end of a contraction, which makes copies of the examples. */
interface ContractionOpening {

    /** Returns the name that it shares with the closing end. */
    String pair();

    /** Returns its index among the layers or vertices of the network. */
    int index();

    /** Returns the number of copies of each example in the last pass, itself included; 1 if none were made. */
    int copies();

    /** Returns the number of rows that left it in the last pass, all copies included. */
    long rows();

    /** Returns the number of copies whenever there are any: masks come before a pass. */
    int copiesInTraining();
}
