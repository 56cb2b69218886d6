package dev.cadflow.sandbox;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Leads each request to the API, the control endpoint or, on the other connector, the storage host. */
final class SandboxHandler extends Handler.Abstract {

    static final String STORAGE_CONNECTOR = "storage";

    private final ApiEndpoint api;
    private final ControlEndpoint control;
    private final StorageHost storage;
    private final AnswerWriter writer;

    SandboxHandler(ApiEndpoint api, ControlEndpoint control, StorageHost storage, AnswerWriter writer) {
        this.api = api;
        this.control = control;
        this.storage = storage;
        this.writer = writer;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        writer.write(reply(request), request, response, callback);
        return true;
    }

    private Reply reply(Request request) {
        try {
            if (STORAGE_CONNECTOR.equals(
                    request.getConnectionMetaData().getConnector().getName())) {
                return storage.handle(request);
            }
            String path = Request.getPathInContext(request);
            if (path.equals("/sandbox") || path.startsWith("/sandbox/")) {
                return Reply.of(control.handle(request));
            }
            return api.handle(request);
        } catch (IllegalArgumentException e) {
            // Jetty's word for a query that cannot be decoded.
            return Reply.of(Answer.error(400, null, "query: expected an encoded query, found something else"));
        }
    }
}
