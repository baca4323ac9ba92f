package io.github.dl4jae.internal.inference;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A workspace for the arrays of a mini-batch, reused by the next. Thousands of mini-batches of fresh arrays would spend
 * most of their time on memory allocation.
 */
public final class ReusedMemory implements AutoCloseable {

    private static final String NAME = "dl4j-ae";

    private static final WorkspaceConfiguration CONFIGURATION = WorkspaceConfiguration.builder()
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .overallocationLimit(0.05)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policyReset(ResetPolicy.BLOCK_LEFT)
            .policySpill(SpillPolicy.REALLOCATE)
            .build();

    private final LayerWorkspaceMgr workspaces;

    /** Creates an empty workspace for this thread. */
    public ReusedMemory() {
        LayerWorkspaceMgr.Builder builder = LayerWorkspaceMgr.builder();
        for (ArrayType type : ArrayType.values()) {
            builder.with(type, NAME, CONFIGURATION);
        }
        this.workspaces = builder.build();
    }

    /**
     * Begins a mini-batch.
     *
     * @return a scope; arrays of the mini-batch are released when it is closed
     */
    public MemoryWorkspace open() {
        return Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, NAME);
    }

    /**
     * Returns the workspaces to pass to layers.
     *
     * @return the same for all mini-batches
     */
    public LayerWorkspaceMgr workspaces() {
        return workspaces;
    }

    @Override
    public void close() {
        Nd4j.getWorkspaceManager()
                .destroyWorkspace(Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(CONFIGURATION, NAME));
    }
}
