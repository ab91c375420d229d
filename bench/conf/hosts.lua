-- Asks each of SERVICES hosts in turn.
local most = tonumber(os.getenv("SERVICES"))
local at = 0
request = function()
    at = at % most + 1
    return wrk.format("GET", "/1024", { Host = "s" .. at .. ".example" })
end
